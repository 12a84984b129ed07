using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Tokenizers;

namespace Kernels.Tests.Models;

/// <summary>Asks for an end when the first token is embedded, as a user's interruption during a prompt does.</summary>
sealed class CancellingCheckpoint(ModelConfig config) : Checkpoint
{
    readonly RandomCheckpoint inner = new(config with { TiedEmbedding = false });

    public CancellationTokenSource Cancellation { get; } = new();

    public int Embedded { get; private set; }

    public override ModelConfig Config => inner.Config;

    public override Tokenizer? Tokenizer => null;

    public override ChatTemplate? ChatTemplate => null;

    public override string ContentHash => inner.ContentHash;

    public override bool Has(string tensor) => inner.Has(tensor);

    public override void ReadRows(string tensor, int firstRow, Span<float> destination)
    {
        if (tensor == TensorNames.Embedding)
        {
            Embedded++;
            Cancellation.Cancel();
        }
        inner.ReadRows(tensor, firstRow, destination);
    }

    protected override void Dispose(bool disposing)
    {
        Cancellation.Dispose();
        inner.Dispose();
        base.Dispose(disposing);
    }
}
