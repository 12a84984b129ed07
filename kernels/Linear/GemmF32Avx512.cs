using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Harness.Kernels.Linear;

/// <summary>
/// AVX-512 form: 8 rows by 32 columns, 16 accumulators. Rows that the last tile lacks repeat its last one and are not stored.
/// </summary>
readonly unsafe struct GemmF32Avx512 : IGemmKernel
{
    const int Half = 16;
    const int Width = 2 * Half;
    const int Rows = 8;

    public static int Columns => Width;

    public static void Compute(in GemmStrip strip)
    {
        if (strip.Columns == Width)
            Accumulate(strip, strip.C, strip.StepC, strip.Add);
        else
            Narrow(strip);
    }

    [SkipLocalsInit]
    static void Narrow(in GemmStrip strip)
    {
        float* sums = stackalloc float[Rows * Width];
        for (int row = 0; row < strip.Rows; row += Rows)
        {
            int rows = Math.Min(Rows, strip.Rows - row);
            Accumulate(strip.Slice(row, rows), sums, Width, add: false);
            GemmF32.AddNarrow(strip, row, rows, sums, Width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Accumulate(in GemmStrip strip, float* c, nint step, bool add)
    {
        nint row = strip.RowStepA, stepA = strip.TermStepA, stepB = strip.StepB;
        float* rows = strip.A;
        for (int left = strip.Rows; left > 0; left -= Rows, rows += Rows * row, c += Rows * step)
        {
            Vector512<float> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
            Vector512<float> a4 = default, b4 = default, a5 = default, b5 = default, a6 = default, b6 = default, a7 = default, b7 = default;
            int last = Math.Min(Rows, left) - 1;
            nint row1 = Math.Min(1, last) * row, row2 = Math.Min(2, last) * row, row3 = Math.Min(3, last) * row;
            nint row4 = Math.Min(4, last) * row, row5 = Math.Min(5, last) * row, row6 = Math.Min(6, last) * row;
            nint row7 = Math.Min(7, last) * row;
            float* a = rows, b = strip.B;
            for (int term = strip.Terms; term > 0; term--, a += stepA, b += stepB)
            {
                Vector512<float> low = Vector512.Load(b), high = Vector512.Load(b + Half);
                Add(a[0], low, high, ref a0, ref b0);
                Add(a[row1], low, high, ref a1, ref b1);
                Add(a[row2], low, high, ref a2, ref b2);
                Add(a[row3], low, high, ref a3, ref b3);
                Add(a[row4], low, high, ref a4, ref b4);
                Add(a[row5], low, high, ref a5, ref b5);
                Add(a[row6], low, high, ref a6, ref b6);
                Add(a[row7], low, high, ref a7, ref b7);
            }
            Fold(a0, b0, c, add);
            if (last >= 1)
                Fold(a1, b1, c + step, add);
            if (last >= 2)
                Fold(a2, b2, c + (2 * step), add);
            if (last >= 3)
                Fold(a3, b3, c + (3 * step), add);
            if (last >= 4)
                Fold(a4, b4, c + (4 * step), add);
            if (last >= 5)
                Fold(a5, b5, c + (5 * step), add);
            if (last >= 6)
                Fold(a6, b6, c + (6 * step), add);
            if (last >= 7)
                Fold(a7, b7, c + (7 * step), add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(float a, Vector512<float> low, Vector512<float> high, ref Vector512<float> sumLow, ref Vector512<float> sumHigh)
    {
        Vector512<float> factor = Vector512.Create(a);
        sumLow = Avx512F.FusedMultiplyAdd(factor, low, sumLow);
        sumHigh = Avx512F.FusedMultiplyAdd(factor, high, sumHigh);
    }

    // The first block is added to +0, which turns a sum of -0 into +0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Fold(Vector512<float> low, Vector512<float> high, float* c, bool add)
    {
        Vector512<float> sumLow = add ? Vector512.Load(c) : Vector512<float>.Zero;
        Vector512<float> sumHigh = add ? Vector512.Load(c + Half) : Vector512<float>.Zero;
        (sumLow + low).Store(c);
        (sumHigh + high).Store(c + Half);
    }
}
