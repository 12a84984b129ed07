using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Harness.Kernels.Linear;

/// <summary>
/// AVX-512 form: 8 rows by 32 columns, 16 accumulators. Rows that the last tile lacks repeat its last one and are not stored.
/// </summary>
readonly unsafe struct GemmF32Avx512 : IGemmKernel
{
    const int Half = 16;
    const int Width = 2 * Half;

    public static int Rows => 8;

    public static int Columns => Width;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate(in GemmStrip strip, float* c, nint step, bool add)
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
                LinearF32Avx512.Add(a[0], low, high, ref a0, ref b0);
                LinearF32Avx512.Add(a[row1], low, high, ref a1, ref b1);
                LinearF32Avx512.Add(a[row2], low, high, ref a2, ref b2);
                LinearF32Avx512.Add(a[row3], low, high, ref a3, ref b3);
                LinearF32Avx512.Add(a[row4], low, high, ref a4, ref b4);
                LinearF32Avx512.Add(a[row5], low, high, ref a5, ref b5);
                LinearF32Avx512.Add(a[row6], low, high, ref a6, ref b6);
                LinearF32Avx512.Add(a[row7], low, high, ref a7, ref b7);
            }
            LinearF32Avx512.Fold(a0, b0, c, !add);
            if (last >= 1)
                LinearF32Avx512.Fold(a1, b1, c + step, !add);
            if (last >= 2)
                LinearF32Avx512.Fold(a2, b2, c + (2 * step), !add);
            if (last >= 3)
                LinearF32Avx512.Fold(a3, b3, c + (3 * step), !add);
            if (last >= 4)
                LinearF32Avx512.Fold(a4, b4, c + (4 * step), !add);
            if (last >= 5)
                LinearF32Avx512.Fold(a5, b5, c + (5 * step), !add);
            if (last >= 6)
                LinearF32Avx512.Fold(a6, b6, c + (6 * step), !add);
            if (last >= 7)
                LinearF32Avx512.Fold(a7, b7, c + (7 * step), !add);
        }
    }
}
