using System.Runtime.CompilerServices;

namespace Harness.Kernels.Linear;

/// <summary>Scalar form: one row at a time.</summary>
readonly unsafe struct LinearInt8Portable : IInt8Kernel
{
    [SkipLocalsInit]
    public static int Accumulate(in Int8Tile tile)
    {
        int* sums = stackalloc int[LinearInt8.OutputTile];
        new Span<float>(tile.Sums, LinearInt8.OutputTile).Clear();
        sbyte* w = tile.Weights;
        short* x = (short*)tile.Activations;
        float* scale = tile.Scales;
        for (int k = 0; k < tile.Inputs; k += QuantizedRows.BlockInputs)
        {
            new Span<int>(sums, LinearInt8.OutputTile).Clear();
            int pairs = (Math.Min(QuantizedRows.BlockInputs, tile.Inputs - k) + 1) / 2;
            for (int p = 0; p < pairs; p++, w += 2 * LinearInt8.OutputTile)
            {
                for (int o = 0; o < LinearInt8.OutputTile; o++)
                    sums[o] += x[2 * p] * w[2 * o] + x[2 * p + 1] * w[2 * o + 1];
            }
            for (int o = 0; o < LinearInt8.OutputTile; o++)
                tile.Sums[o] = MathF.FusedMultiplyAdd(sums[o], *scale, tile.Sums[o]);
            x += QuantizedRows.GroupRows * QuantizedRows.BlockInputs;
            scale += QuantizedRows.GroupRows;
        }
        return 1;
    }
}
