using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Linear;

namespace Harness.Kernels.KvCache;

/// <summary>Widths that attention needs.</summary>
/// <param name="HeadWidth">Dimensions of a head.</param>
/// <param name="PaddedWidth">The same, rounded up to 8.</param>
/// <param name="Quantized">Keys, values and queries in int8 with a scale a token and head.</param>
/// <param name="InstructionSet">Form of the kernels.</param>
public readonly record struct HeadShape(int HeadWidth, int PaddedWidth, bool Quantized, InstructionSet InstructionSet)
{
    /// <summary>Keys that are summed together, by absolute position.</summary>
    public const int Chunk = PageSize.Tokens;

    public static HeadShape Of(ModelConfig config, Precision precision, InstructionSet instructionSet) =>
        new(config.HeadWidth, KvCacheCpu.PaddedWidth(config), precision.IsInt8OnCpu(), instructionSet);

    /// <summary>int8 form of one head [head width], as int16; returns its scale.</summary>
    /// <exception cref="HarnessException">A value is NaN or infinite.</exception>
    internal unsafe float Quantize(float* head, short* quantized)
    {
        float scale = Int8Rounding.Scale(head, HeadWidth, InstructionSet);
        if (float.IsNaN(scale))
            throw KernelCodes.WeightsNotFinite.With(
                "a query, key or value of the model is NaN or infinite: the weights are damaged, or not of this architecture");
        Int8Rounding.Round(head, HeadWidth, scale, quantized, InstructionSet);
        return scale;
    }
}
