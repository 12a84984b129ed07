using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Harness.Kernels.ExactMath;

/// <summary>
/// float32 functions of the exact arithmetic: own range reduction and fused multiply-add polynomials, so that every processor and
/// device gives the same bits. Scalar and vector forms are the same operations.
/// </summary>
public static class ExactSingle
{
    const float Log2E = 1.44269504f;
    const float Ln2High = 0.693359375f;
    const float Ln2Low = -2.12194440e-4f;

    /// <summary>1.5 * 2^23: adding it rounds a small float to an integer in its low bits, half to even.</summary>
    const float RoundingMagic = 12582912f;

    /// <summary>Arguments below give 0, so that no result is subnormal.</summary>
    const float Smallest = -87f;

    /// <summary>Arguments above give infinity.</summary>
    const float Largest = 88f;

    /// <summary>e to the x, within 2 units in the last place for x in [-87, 88]; 0 below, infinity above, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exp(float x)
    {
        float shifted = MathF.FusedMultiplyAdd(x, Log2E, RoundingMagic);
        float n = shifted - RoundingMagic;
        float r = MathF.FusedMultiplyAdd(n, -Ln2High, x);
        r = MathF.FusedMultiplyAdd(n, -Ln2Low, r);
        float p = MathF.FusedMultiplyAdd(1.9875691500e-4f, r, 1.3981999507e-3f);
        p = MathF.FusedMultiplyAdd(p, r, 8.3334519073e-3f);
        p = MathF.FusedMultiplyAdd(p, r, 4.1665795894e-2f);
        p = MathF.FusedMultiplyAdd(p, r, 1.6666665459e-1f);
        p = MathF.FusedMultiplyAdd(p, r, 5.0000001201e-1f);
        float y = MathF.FusedMultiplyAdd(p, r * r, r) + 1f;
        int exponent = BitConverter.SingleToInt32Bits(shifted) - BitConverter.SingleToInt32Bits(RoundingMagic);
        float result = y * BitConverter.Int32BitsToSingle((exponent + 127) << 23);
        result = x < Smallest ? 0f : result;
        return x > Largest ? float.PositiveInfinity : result;
    }

    /// <summary>Eight at once; each lane as <see cref="Exp(float)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        Vector256<float> magic = Vector256.Create(RoundingMagic);
        Vector256<float> shifted = Vector256.FusedMultiplyAdd(x, Vector256.Create(Log2E), magic);
        Vector256<float> n = shifted - magic;
        Vector256<float> r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2High), x);
        r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2Low), r);
        Vector256<float> p = Vector256.FusedMultiplyAdd(Vector256.Create(1.9875691500e-4f), r, Vector256.Create(1.3981999507e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(8.3334519073e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(4.1665795894e-2f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.6666665459e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(5.0000001201e-1f));
        Vector256<float> y = Vector256.FusedMultiplyAdd(p, r * r, r) + Vector256<float>.One;
        Vector256<int> exponent = shifted.AsInt32() - magic.AsInt32();
        Vector256<float> result = y * ((exponent + Vector256.Create(127)) << 23).AsSingle();
        result = Vector256.AndNot(result, Vector256.LessThan(x, Vector256.Create(Smallest)));
        return Vector256.ConditionalSelect(
            Vector256.GreaterThan(x, Vector256.Create(Largest)), Vector256.Create(float.PositiveInfinity), result);
    }

    /// <summary>Sixteen at once; each lane as <see cref="Exp(float)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        Vector512<float> magic = Vector512.Create(RoundingMagic);
        Vector512<float> shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(Log2E), magic);
        Vector512<float> n = shifted - magic;
        Vector512<float> r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2High), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Low), r);
        Vector512<float> p = Vector512.FusedMultiplyAdd(Vector512.Create(1.9875691500e-4f), r, Vector512.Create(1.3981999507e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(8.3334519073e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(4.1665795894e-2f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.6666665459e-1f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(5.0000001201e-1f));
        Vector512<float> y = Vector512.FusedMultiplyAdd(p, r * r, r) + Vector512<float>.One;
        Vector512<int> exponent = shifted.AsInt32() - magic.AsInt32();
        Vector512<float> result = y * ((exponent + Vector512.Create(127)) << 23).AsSingle();
        result = Vector512.AndNot(result, Vector512.LessThan(x, Vector512.Create(Smallest)));
        return Vector512.ConditionalSelect(
            Vector512.GreaterThan(x, Vector512.Create(Largest)), Vector512.Create(float.PositiveInfinity), result);
    }

    /// <summary>x / (1 + e^-x), from e^-|x| so that nothing overflows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Silu(float x)
    {
        float e = Exp(-MathF.Abs(x));
        return (x >= 0 ? x : x * e) / (1f + e);
    }

    /// <summary>Eight at once; each lane as <see cref="Silu(float)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Silu(Vector256<float> x)
    {
        Vector256<float> e = Exp(-Vector256.Abs(x));
        Vector256<float> numerator = Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(x, Vector256<float>.Zero), x, x * e);
        return numerator / (Vector256<float>.One + e);
    }

    /// <summary>Sixteen at once; each lane as <see cref="Silu(float)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Silu(Vector512<float> x)
    {
        Vector512<float> e = Exp(-Vector512.Abs(x));
        Vector512<float> numerator = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(x, Vector512<float>.Zero), x, x * e);
        return numerator / (Vector512<float>.One + e);
    }
}
