using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Configuration;

/// <summary>What a precision is and where it runs.</summary>
public static class Precisions
{
    /// <summary>Those whose results are the same bytes everywhere.</summary>
    public static IReadOnlyList<Precision> Exact { get; } = [Precision.F32, Precision.W8A8];

    /// <summary>The precisions that a device runs: cpu or cuda, resolved.</summary>
    public static IReadOnlyList<Precision> Of(bool gpu) => gpu ? Enum.GetValues<Precision>() : Exact;

    /// <summary>Bytes of a weight, without its scale.</summary>
    public static int WeightBytes(this Precision precision) => precision switch
    {
        Precision.F32 => sizeof(float),
        Precision.W8A8 => sizeof(sbyte),
        Precision.Bf16 => sizeof(ushort),
        _ => throw Unknown(precision),
    };

    /// <summary>Whether the CPU multiplies int8 values, and not float32 ones.</summary>
    /// <exception cref="HarnessException">HRN0112: the CPU has no form of the precision.</exception>
    public static bool IsInt8OnCpu(this Precision precision) => precision switch
    {
        Precision.F32 => false,
        Precision.W8A8 => true,
        Precision.Bf16 => throw KernelCodes.PrecisionNeedsGpu.With("bf16 runs on a GPU only: Device=cuda, or Precision=w8a8 or f32"),
        _ => throw Unknown(precision),
    };

    internal static ArgumentOutOfRangeException Unknown(Precision precision) => new(nameof(precision), precision, "no such precision");
}
