namespace Harness.Kernels.Checkpoints;

/// <summary>Names of tensors inside the product; matrices are [outputs, inputs].</summary>
public static class TensorNames
{
    public const string Embedding = "embedding";
    public const string FinalNorm = "final_norm";
    public const string Head = "head";

    /// <summary>Of a layer with experts: [experts, width].</summary>
    public const string Router = "router";

    /// <summary>Of a layer with a shared expert: [1, width].</summary>
    public const string SharedGate = "shared.router";

    /// <param name="layer">0-based.</param>
    /// <param name="part">
    /// attention_norm, q, k, v, q_bias, k_bias, v_bias, q_norm, k_norm, o, ffn_norm; gate, up and down, or those of an expert.
    /// </param>
    public static string InLayer(int layer, string part) => $"layers.{layer}.{part}";

    /// <summary>A part of a layer.</summary>
    /// <param name="expert">0-based.</param>
    /// <param name="part">gate, up or down.</param>
    public static string OfExpert(int expert, string part) => $"experts.{expert}.{part}";

    /// <summary>A part of a layer.</summary>
    /// <param name="part">gate, up or down.</param>
    public static string OfSharedExpert(string part) => $"shared.{part}";
}
