using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Configuration;
using Harness.Kernels.Tokenizers;

namespace Harness.Kernels.Checkpoints;

/// <summary>
/// An opened model: its shape, tokenizer and weights. Weights are read as float32 rows, whatever they are stored as, in
/// Hugging Face's order (q and k rows laid out for half-split RoPE; a GGUF's interleaved rows are put back).
/// </summary>
public abstract class Checkpoint : IDisposable
{
    public abstract ModelConfig Config { get; }

    /// <summary>Null for synthetic weights, which have no text.</summary>
    public abstract Tokenizer? Tokenizer { get; }

    /// <summary>Null where the model brings none.</summary>
    public abstract ChatTemplate? ChatTemplate { get; }

    /// <summary>
    /// Lower-case hex SHA-256 of what the model is (contents of its files, or the canonical synthetic: name), never of where it lies.
    /// </summary>
    public abstract string ContentHash { get; }

    /// <summary>
    /// Copies rows [<paramref name="firstRow"/>, +count) of a tensor into <paramref name="destination"/> [count, columns], count being
    /// destination.Length / columns. A vector is one row. Names: see <see cref="TensorNames"/>. Safe to call from several threads.
    /// </summary>
    public abstract void ReadRows(string tensor, int firstRow, Span<float> destination);

    public abstract bool Has(string tensor);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
