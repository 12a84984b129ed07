using System.Runtime.CompilerServices;

namespace Harness.Kernels.Linear;

/// <summary>Scalar form: one row at a time.</summary>
readonly unsafe struct GemmF32Portable : IGemmKernel
{
    public static int Columns => 32;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compute(in GemmStrip strip)
    {
        float* sums = stackalloc float[32];
        for (int row = 0; row < strip.Rows; row++)
        {
            new Span<float>(sums, 32).Clear();
            for (int term = 0; term < strip.Terms; term++)
            {
                float a = strip.A[(row * strip.RowStepA) + (term * strip.TermStepA)];
                float* b = strip.B + (term * strip.StepB);
                for (int column = 0; column < strip.Columns; column++)
                    sums[column] = MathF.FusedMultiplyAdd(a, b[column], sums[column]);
            }
            GemmF32.AddNarrow(strip, row, 1, sums, Columns);
        }
    }
}
