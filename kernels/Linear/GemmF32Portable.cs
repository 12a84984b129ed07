using System.Runtime.CompilerServices;

namespace Harness.Kernels.Linear;

/// <summary>Scalar form: one row at a time.</summary>
readonly unsafe struct GemmF32Portable : IGemmKernel
{
    public static int Rows => 1;

    public static int Columns => 32;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compute(in GemmTile tile)
    {
        float* sums = stackalloc float[32];
        new Span<float>(sums, 32).Clear();
        for (int term = 0; term < tile.Terms; term++)
        {
            float a = tile.A[term * tile.TermStepA];
            float* b = tile.B + (term * tile.StepB);
            for (int column = 0; column < tile.Columns; column++)
                sums[column] = MathF.FusedMultiplyAdd(a, b[column], sums[column]);
        }
        GemmF32.AddNarrow(tile, sums, Columns);
    }
}
