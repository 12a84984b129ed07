using Harness.Kernels.Attention;
using Harness.Kernels.Configuration;

namespace Harness.Kernels.Decoding.Device;

/// <summary>The modules whose kernels a model's passes and draws start.</summary>
static class ModelModules
{
    /// <summary>Those of a model, the ones that take a driver longest first.</summary>
    public static IReadOnlyList<string> Of(ModelConfig config, Precision precision)
    {
        int headPad = DeviceLayout.HeadWidth(config);
        string[] attention = AttentionStepCuda.Has(config, precision) ? [AttentionStepCuda.Kernel(headPad).Module] : [];
        string[] matrices = precision switch
        {
            Precision.W8A8 => ["LinearInt8"],
            Precision.Bf16 => ["LinearBf16"],
            _ => ["LinearF32"],
        };
        string[] experts = config.Experts is null ? [] : [$"{matrices[0]}Experts", "Router"];
        if (config.Experts is not null && precision != Precision.F32)
            matrices = [.. matrices, "LinearF32"];
        return
        [
            .. attention, AttentionCuda.OwnKernel(precision, headPad).Module, .. matrices, .. experts, "Sampling", "AttentionShared",
            "RotaryEmbedding", "RmsNorm", "AttentionCombine", "Slots", "Embedding", "Decoding",
        ];
    }
}
