using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Harness.Kernels.Linear;

/// <summary>
/// AVX2 form of half its width, for AVX-512 a quarter: 12 rows by 8 columns, 12 accumulators. Rows that the last tile lacks repeat
/// its last one and are not stored.
/// </summary>
readonly unsafe struct GemmF32Avx2Half : IGemmKernel
{
    const int Width = 8;

    public static int Rows => 12;

    public static int Columns => Width;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate(in GemmStrip strip, float* c, nint step, bool add)
    {
        nint row = strip.RowStepA, stepA = strip.TermStepA, stepB = strip.StepB;
        float* rows = strip.A;
        for (int left = strip.Rows; left > 0; left -= Rows, rows += Rows * row, c += Rows * step)
        {
            Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
            Vector256<float> s6 = default, s7 = default, s8 = default, s9 = default, s10 = default, s11 = default;
            int last = Math.Min(Rows, left) - 1;
            nint row1 = Math.Min(1, last) * row, row2 = Math.Min(2, last) * row, row3 = Math.Min(3, last) * row;
            float* a = rows, a4 = rows + (Math.Min(4, last) * row), a8 = rows + (Math.Min(8, last) * row), b = strip.B;
            nint row5 = Math.Min(1, Math.Max(last - 4, 0)) * row, row6 = Math.Min(2, Math.Max(last - 4, 0)) * row;
            nint row7 = Math.Min(3, Math.Max(last - 4, 0)) * row, row9 = Math.Min(1, Math.Max(last - 8, 0)) * row;
            nint row10 = Math.Min(2, Math.Max(last - 8, 0)) * row, row11 = Math.Min(3, Math.Max(last - 8, 0)) * row;
            for (int term = strip.Terms; term > 0; term--, a += stepA, a4 += stepA, a8 += stepA, b += stepB)
            {
                Vector256<float> values = Vector256.Load(b);
                s0 = Fma.MultiplyAdd(Vector256.Create(a[0]), values, s0);
                s1 = Fma.MultiplyAdd(Vector256.Create(a[row1]), values, s1);
                s2 = Fma.MultiplyAdd(Vector256.Create(a[row2]), values, s2);
                s3 = Fma.MultiplyAdd(Vector256.Create(a[row3]), values, s3);
                s4 = Fma.MultiplyAdd(Vector256.Create(a4[0]), values, s4);
                s5 = Fma.MultiplyAdd(Vector256.Create(a4[row5]), values, s5);
                s6 = Fma.MultiplyAdd(Vector256.Create(a4[row6]), values, s6);
                s7 = Fma.MultiplyAdd(Vector256.Create(a4[row7]), values, s7);
                s8 = Fma.MultiplyAdd(Vector256.Create(a8[0]), values, s8);
                s9 = Fma.MultiplyAdd(Vector256.Create(a8[row9]), values, s9);
                s10 = Fma.MultiplyAdd(Vector256.Create(a8[row10]), values, s10);
                s11 = Fma.MultiplyAdd(Vector256.Create(a8[row11]), values, s11);
            }
            Fold(s0, c, add);
            if (last >= 1)
                Fold(s1, c + step, add);
            if (last >= 2)
                Fold(s2, c + (2 * step), add);
            if (last >= 3)
                Fold(s3, c + (3 * step), add);
            if (last >= 4)
                Fold(s4, c + (4 * step), add);
            if (last >= 5)
                Fold(s5, c + (5 * step), add);
            if (last >= 6)
                Fold(s6, c + (6 * step), add);
            if (last >= 7)
                Fold(s7, c + (7 * step), add);
            if (last >= 8)
                Fold(s8, c + (8 * step), add);
            if (last >= 9)
                Fold(s9, c + (9 * step), add);
            if (last >= 10)
                Fold(s10, c + (10 * step), add);
            if (last >= 11)
                Fold(s11, c + (11 * step), add);
        }
    }

    // Added to +0 where nothing is there, which turns a sum of -0 into +0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Fold(Vector256<float> sum, float* c, bool add) => ((add ? Vector256.Load(c) : Vector256<float>.Zero) + sum).Store(c);
}
