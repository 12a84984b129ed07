using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Checkpoints;

/// <summary>
/// How a GGUF changes the frequencies of rotary embedding: by one factor for all (linear scaling), or by a factor for each pair of
/// dimensions in a tensor, which llama.cpp's converter writes for Llama 3. Other scalings are refused by name.
/// </summary>
static class GgufRope
{
    public const string FactorsTensor = "rope_freqs.weight";

    /// <summary>Metadata of other scalings, after the architecture's prefix: unless absent or neutral, the model is refused.</summary>
    static readonly (string Key, double Neutral)[] Refused =
    [
        ("rope.scaling.attn_factor", 1), ("rope.scaling.yarn_ext_factor", 0), ("rope.scaling.yarn_attn_factor", 1),
        ("rope.scaling.yarn_log_multiplier", 0),
    ];

    /// <summary>What each frequency is divided by [headWidth / 2], or null.</summary>
    public static IReadOnlyList<float>? ReadFactors(GgufFile file, string architecture, int headWidth)
    {
        foreach ((string key, double neutral) in Refused)
        {
            if (file.Metadata.Number($"{architecture}.{key}") is { } value && value != neutral && value != 0)
                throw KernelCodes.ArchitectureUnsupported.With($"{architecture}.{key} {value} is not implemented", file.Path);
        }
        if (file.Metadata.Has($"{architecture}.rope.dimension_sections"))
            throw KernelCodes.ArchitectureUnsupported.With($"{architecture}.rope.dimension_sections is not implemented", file.Path);
        IReadOnlyList<float>? linear = ModelShape.LinearRopeFactors(LinearFactor(file, architecture), headWidth);
        if (file.Find(FactorsTensor) is not { } tensor || architecture != "llama")
            return linear;
        return linear is null
            ? ReadTensor(tensor, headWidth, file.Path)
            : throw KernelCodes.ArchitectureUnsupported.With($"linear RoPE scaling beside {FactorsTensor} is not implemented", file.Path);
    }

    /// <summary>llama.cpp takes scaling without a type for linear, and a factor of 0 for none.</summary>
    static float LinearFactor(GgufFile file, string architecture)
    {
        string type = file.Metadata.Text($"{architecture}.rope.scaling.type") ?? "linear";
        if (type is not ("none" or "linear"))
            throw KernelCodes.ArchitectureUnsupported.With(
                $"{architecture}.rope.scaling.type {type} is neither none nor linear", file.Path);
        string key = $"{architecture}.rope.scaling.factor";
        if (!file.Metadata.Has(key))
            key = $"{architecture}.rope.scale_linear";
        return type == "none" || file.Metadata.Number(key) is null or 0 ? 1 : GgufModel.Positive(file, key)!.Value;
    }

    static float[] ReadTensor(StoredTensor tensor, int headWidth, string path)
    {
        if (tensor.Dimensions is not [long count] || count != headWidth / 2)
        {
            throw KernelCodes.TensorMissing.With(
                $"tensor {FactorsTensor} is [{string.Join(", ", tensor.Dimensions)}], a head of {headWidth} needs [{headWidth / 2}]", path);
        }
        var factors = new float[count];
        tensor.ReadRows(0, factors);
        int wrong = Array.FindIndex(factors, factor => !float.IsFinite(factor) || factor <= 0);
        return wrong < 0
            ? factors
            : throw KernelCodes.WeightsNotFinite.With($"tensor {FactorsTensor} holds {factors[wrong]}, not a positive number", path);
    }
}
