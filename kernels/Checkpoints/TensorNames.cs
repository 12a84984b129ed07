namespace Harness.Kernels.Checkpoints;

/// <summary>Names of tensors inside the product; matrices are [outputs, inputs].</summary>
public static class TensorNames
{
    public const string Embedding = "embedding";
    public const string FinalNorm = "final_norm";
    public const string Head = "head";

    /// <summary>Of a layer.</summary>
    public static IReadOnlyList<string> LayerParts { get; } =
    [
        "attention_norm", "q", "k", "v", "o", "ffn_norm", "gate", "up", "down", "q_bias", "k_bias", "v_bias", "q_norm", "k_norm",
    ];

    /// <param name="layer">0-based.</param>
    /// <param name="part">One of <see cref="LayerParts"/>.</param>
    public static string InLayer(int layer, string part) => $"layers.{layer}.{part}";
}
