namespace Harness.Kernels.Linear;

/// <summary>bf16 values, the upper halves of float32 ones, as the weights of a GPU's precision bf16 have them.</summary>
public static class BFloats
{
    /// <summary>To nearest, ties to even, as cvt.rn.bf16.f32 does; NaN is 0x7FFF.</summary>
    public static ushort Round(float value)
    {
        if (float.IsNaN(value))
            return 0x7FFF;
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
    }

    public static float ToSingle(ushort value) => BitConverter.UInt32BitsToSingle((uint)value << 16);

    /// <summary>False where one of the rounded values is NaN or infinite.</summary>
    internal static bool Round(ReadOnlySpan<float> values, Span<ushort> rounded)
    {
        const int infinity = 0x7F80;
        bool finite = true;
        for (int i = 0; i < values.Length; i++)
        {
            rounded[i] = Round(values[i]);
            finite &= (rounded[i] & infinity) != infinity;
        }
        return finite;
    }
}
