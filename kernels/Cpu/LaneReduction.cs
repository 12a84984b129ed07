using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Harness.Kernels.Cpu;

/// <summary>
/// The one way that floats are summed across elements: 32 lanes, element i in lane i mod 32, then lanes i and i + 16 are added, i and
/// i + 8, and so on. A warp, two 512-bit and four 256-bit registers all do it alike.
/// </summary>
public static class LaneReduction
{
    public const int Lanes = 32;

    /// <summary>Sum of 32 lanes held as four vectors of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> lanes0, Vector256<float> lanes8, Vector256<float> lanes16, Vector256<float> lanes24)
    {
        Vector256<float> eight = (lanes0 + lanes16) + (lanes8 + lanes24);
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        Vector128<float> two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 2, 3));
        return two.ToScalar() + two.GetElement(1);
    }

    /// <summary>Sum of squares of <paramref name="count"/> values, each lane a chain of fused multiply-adds.</summary>
    public static unsafe float SumOfSquares(float* values, int count)
    {
        Vector256<float> a = default, b = default, c = default, d = default;
        int i = 0;
        for (; i + Lanes <= count; i += Lanes)
        {
            Square(ref a, Vector256.Load(values + i));
            Square(ref b, Vector256.Load(values + i + 8));
            Square(ref c, Vector256.Load(values + i + 16));
            Square(ref d, Vector256.Load(values + i + 24));
        }
        if (i < count)
        {
            float* rest = stackalloc float[Lanes];
            new Span<float>(rest, Lanes).Clear();
            new ReadOnlySpan<float>(values + i, count - i).CopyTo(new Span<float>(rest, Lanes));
            Square(ref a, Vector256.Load(rest));
            Square(ref b, Vector256.Load(rest + 8));
            Square(ref c, Vector256.Load(rest + 16));
            Square(ref d, Vector256.Load(rest + 24));
        }
        return Sum(a, b, c, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Square(ref Vector256<float> sum, Vector256<float> x) => sum = Vector256.FusedMultiplyAdd(x, x, sum);
}
