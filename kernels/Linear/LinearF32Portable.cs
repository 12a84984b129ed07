using System.Runtime.CompilerServices;

namespace Harness.Kernels.Linear;

/// <summary>Scalar form: one row at a time.</summary>
readonly unsafe struct LinearF32Portable : IF32Kernel
{
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Accumulate(in F32Tile tile)
    {
        float* block = stackalloc float[LinearF32.OutputTile];
        new Span<float>(tile.Sums, LinearF32.OutputTile).Clear();
        float* w = tile.Weights;
        for (int start = 0; start < tile.Inputs; start += LinearF32.BlockInputs)
        {
            new Span<float>(block, LinearF32.OutputTile).Clear();
            int end = Math.Min(start + LinearF32.BlockInputs, tile.Inputs);
            for (int k = start; k < end; k++, w += LinearF32.OutputTile)
            {
                for (int o = 0; o < LinearF32.OutputTile; o++)
                    block[o] = MathF.FusedMultiplyAdd(tile.Activations[k], w[o], block[o]);
            }
            for (int o = 0; o < LinearF32.OutputTile; o++)
                tile.Sums[o] += block[o];
        }
        return 1;
    }
}
