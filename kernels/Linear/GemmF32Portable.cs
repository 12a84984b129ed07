using System.Runtime.CompilerServices;

namespace Harness.Kernels.Linear;

/// <summary>Scalar form: one row at a time.</summary>
readonly unsafe struct GemmF32Portable : IGemmKernel
{
    const int Width = 32;

    public static int Rows => 1;

    public static int Columns => Width;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate(in GemmStrip strip, float* c, nint step, bool add)
    {
        float* sums = stackalloc float[Width];
        for (int row = 0; row < strip.Rows; row++, c += step)
        {
            new Span<float>(sums, Width).Clear();
            for (int term = 0; term < strip.Terms; term++)
            {
                float a = strip.A[(row * strip.RowStepA) + (term * strip.TermStepA)];
                float* b = strip.B + (term * strip.StepB);
                for (int column = 0; column < strip.Columns; column++)
                    sums[column] = MathF.FusedMultiplyAdd(a, b[column], sums[column]);
            }
            for (int column = 0; column < strip.Columns; column++)
                c[column] = (add ? c[column] : 0f) + sums[column];
        }
    }
}
