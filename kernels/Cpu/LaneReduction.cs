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
    public static unsafe float SumOfSquares(float* values, int count) => SumOfProducts(values, values, count);

    /// <summary>
    /// Sum of the products of <paramref name="count"/> values of each, each lane a chain of fused multiply-adds; of a vector with itself
    /// it is <see cref="SumOfSquares"/>.
    /// </summary>
    public static unsafe float SumOfProducts(float* left, float* right, int count)
    {
        Vector256<float> a = default, b = default, c = default, d = default;
        int i = 0;
        for (; i + Lanes <= count; i += Lanes)
            MultiplyAdd(left + i, right + i, ref a, ref b, ref c, ref d);
        if (i < count)
            AddRest(left + i, right + i, count - i, ref a, ref b, ref c, ref d);
        return Sum(a, b, c, d);
    }

    /// <summary>Fewer than 32 products; a lane without one stays what it is.</summary>
    static unsafe void AddRest(
        float* left, float* right, int count, ref Vector256<float> a, ref Vector256<float> b, ref Vector256<float> c,
        ref Vector256<float> d)
    {
        if (count >= 8)
            a = Vector256.FusedMultiplyAdd(Vector256.Load(left), Vector256.Load(right), a);
        if (count >= 16)
            b = Vector256.FusedMultiplyAdd(Vector256.Load(left + 8), Vector256.Load(right + 8), b);
        if (count >= 24)
            c = Vector256.FusedMultiplyAdd(Vector256.Load(left + 16), Vector256.Load(right + 16), c);
        if (count % 8 == 0)
            return;
        int whole = count / 8 * 8;
        Vector256<float> x = Loaded(left + whole, count - whole), y = Loaded(right + whole, count - whole);
        switch (whole)
        {
            case 0:
                a = Vector256.FusedMultiplyAdd(x, y, a);
                break;
            case 8:
                b = Vector256.FusedMultiplyAdd(x, y, b);
                break;
            case 16:
                c = Vector256.FusedMultiplyAdd(x, y, c);
                break;
            default:
                d = Vector256.FusedMultiplyAdd(x, y, d);
                break;
        }
    }

    /// <summary>Fewer than 8 values, and zeros.</summary>
    static unsafe Vector256<float> Loaded(float* values, int count)
    {
        float* eight = stackalloc float[8];
        new Span<float>(eight, 8).Clear();
        new ReadOnlySpan<float>(values, count).CopyTo(new Span<float>(eight, 8));
        return Vector256.Load(eight);
    }

    /// <summary>Sum of values: each lane a chain of additions.</summary>
    public static unsafe float Sum(ReadOnlySpan<float> values)
    {
        float* lanes = stackalloc float[Lanes];
        new Span<float>(lanes, Lanes).Clear();
        for (int i = 0; i < values.Length; i++)
            lanes[i % Lanes] += values[i];
        return Sum(Vector256.Load(lanes), Vector256.Load(lanes + 8), Vector256.Load(lanes + 16), Vector256.Load(lanes + 24));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe void MultiplyAdd(
        float* left, float* right, ref Vector256<float> a, ref Vector256<float> b, ref Vector256<float> c, ref Vector256<float> d)
    {
        a = Vector256.FusedMultiplyAdd(Vector256.Load(left), Vector256.Load(right), a);
        b = Vector256.FusedMultiplyAdd(Vector256.Load(left + 8), Vector256.Load(right + 8), b);
        c = Vector256.FusedMultiplyAdd(Vector256.Load(left + 16), Vector256.Load(right + 16), c);
        d = Vector256.FusedMultiplyAdd(Vector256.Load(left + 24), Vector256.Load(right + 24), d);
    }
}
