using Harness.Kernels.Models.ChatTemplates;
using Harness.Kernels.Models.Tokenizers;

namespace Harness.Kernels.Models.Checkpoints;

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

/// <summary>Names of tensors inside the product; matrices are [outputs, inputs].</summary>
public static class TensorNames
{
    public const string Embedding = "embedding";
    public const string FinalNorm = "final_norm";
    public const string Head = "head";

    /// <param name="layer">0-based.</param>
    /// <param name="part">attention_norm, q, k, v, o, ffn_norm, gate, up, down, q_bias, k_bias, v_bias, q_norm, k_norm.</param>
    public static string InLayer(int layer, string part) => $"layers.{layer}.{part}";
}
