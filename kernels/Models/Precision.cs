using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Models;

/// <summary>The arithmetic of the matrices. F32 and W8A8 are exact: the same bytes everywhere.</summary>
public enum Precision
{
    /// <summary>float32 weights, activations, keys and values.</summary>
    F32,

    /// <summary>int8 weights with a scale a row; int8 activations with a scale a token and 64 inputs; int8 keys and values.</summary>
    W8A8,

    /// <summary>
    /// bf16 weights, activations, keys and values, multiplied by a GPU's tensor cores, whose sums round as the GPU likes: measured, never part
    /// of an exact file.
    /// </summary>
    Bf16,
}

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
        Precision.Bf16 => throw Codes.PrecisionNeedsGpu.With("bf16 runs on a GPU only: Device=cuda, or Precision=w8a8 or f32"),
        _ => throw Unknown(precision),
    };

    internal static ArgumentOutOfRangeException Unknown(Precision precision) => new(nameof(precision), precision, "no such precision");
}
