using System.Runtime.CompilerServices;

namespace Harness.Kernels.Linear;

/// <summary>Scalar form: one row at a time.</summary>
readonly unsafe struct LinearInt8Portable : IInt8Kernel
{
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Accumulate(in Int8Tile tile)
    {
        int* sums = stackalloc int[LinearInt8.OutputTile];
        new Span<float>(tile.Sums, LinearInt8.OutputTile).Clear();
        sbyte* w = tile.Weights;
        byte* x = tile.Activations;
        float* scale = tile.Scales;
        for (int k = 0; k < tile.Inputs; k += QuantizedRows.BlockInputs)
        {
            new Span<int>(sums, LinearInt8.OutputTile).Clear();
            sbyte* end = w + LinearInt8.BlockBytes(tile.Inputs - k);
            for (int i = 0; w < end; i += Int8Matrix.GroupInputs, w += LinearInt8.GroupBytes)
                AddGroup(x, i, w, sums);
            for (int o = 0; o < LinearInt8.OutputTile; o++)
                tile.Sums[o] = MathF.FusedMultiplyAdd(sums[o], *scale, tile.Sums[o]);
            x += QuantizedRows.GroupRows * SignedByteBlock.Bytes;
            scale += QuantizedRows.GroupRows;
        }
        return 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddGroup(byte* x, int input, sbyte* w, int* sums)
    {
        int x0 = SignedByteBlock.Value(x, input), x1 = SignedByteBlock.Value(x, input + 1);
        int x2 = SignedByteBlock.Value(x, input + 2), x3 = SignedByteBlock.Value(x, input + 3);
        for (int o = 0; o < LinearInt8.OutputTile; o++, w += Int8Matrix.GroupInputs)
            sums[o] += x0 * w[0] + x1 * w[1] + x2 * w[2] + x3 * w[3];
    }
}
