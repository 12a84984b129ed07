using Harness.Kernels.Sampling;

namespace Harness.Kernels.Numerics;

/// <summary>Numbers that units compute with: seeded, and exact in every step.</summary>
static class UnitInputs
{
    const int FractionBits = 24;
    const double DoubleOne = 1L << 53;

    /// <summary>In [-scale, scale), of sizes that span eight octaves.</summary>
    /// <param name="stream">Names the numbers: others for each stream.</param>
    /// <param name="scale">A power of two.</param>
    public static float[] Singles(uint stream, int count, float scale = 1)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            (uint word, uint octave, _, _) = Philox.Block(0, (uint)i, stream, 0, RandomPurpose.NumericUnit);
            int signed = (int)(word >> (32 - FractionBits)) - (1 << (FractionBits - 1));
            values[i] = signed * (scale / (1 << (FractionBits - 1))) / (1 << (int)(octave % 8));
        }
        return values;
    }

    /// <summary>In [low, high).</summary>
    public static double[] Doubles(uint stream, int count, double low, double high)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = low + ((high - low) * ((Bits(stream, i) >> 11) / DoubleOne));
        return values;
    }

    /// <summary>Positive and finite, of any exponent.</summary>
    public static double[] AnyPositive(uint stream, int count)
    {
        // The lowest bit of the exponent is cleared, so that it is not that of infinity.
        const ulong Finite = 0x7FEF_FFFF_FFFF_FFFF;
        var values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = BitConverter.UInt64BitsToDouble((Bits(stream, i) & Finite) | 1);
        return values;
    }

    static ulong Bits(uint stream, int index)
    {
        (uint low, uint high, _, _) = Philox.Block(0, (uint)index, stream, 1, RandomPurpose.NumericUnit);
        return low | ((ulong)high << 32);
    }
}
