using System.Security.Cryptography;
using System.Text;
using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Configuration;
using Harness.Kernels.Tokenizers;

namespace Harness.Kernels.Checkpoints;

/// <summary>
/// A model whose layers are passed several times, as one of so many times as many layers that each have the weights of theirs: what any
/// reader of its architecture generates with it is what the looped model gives.
/// </summary>
/// <param name="looped">The model; it must outlive this one.</param>
/// <param name="loops">Times that its layers are passed.</param>
/// <param name="owns">Whether the model is closed with this one.</param>
public sealed class UnrolledCheckpoint(Checkpoint looped, int loops, bool owns = false) : Checkpoint
{
    readonly Dictionary<string, string> names = TensorLayout.Of(looped.Config with { Layers = looped.Config.Layers * loops })
        .Where(tensor => tensor.Layer >= 0)
        .ToDictionary(tensor => tensor.Name, tensor => tensor.InLayer(tensor.Layer % looped.Config.Layers), StringComparer.Ordinal);

    public override ModelConfig Config { get; } = looped.Config with { Layers = looped.Config.Layers * loops };

    public override Tokenizer? Tokenizer => looped.Tokenizer;

    public override ChatTemplate? ChatTemplate => looped.ChatTemplate;

    public override string ContentHash { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{looped.ContentHash} {loops}")));

    public override void ReadRows(string tensor, int firstRow, Span<float> destination) =>
        looped.ReadRows(names.GetValueOrDefault(tensor, tensor), firstRow, destination);

    public override bool Has(string tensor) => looped.Has(names.GetValueOrDefault(tensor, tensor));

    protected override void Dispose(bool disposing)
    {
        if (disposing && owns)
            looped.Dispose();
        base.Dispose(disposing);
    }
}
