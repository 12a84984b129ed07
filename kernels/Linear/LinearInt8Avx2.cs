using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Harness.Kernels.Linear;

/// <summary>AVX2 form: as the AVX-512 one at half the width, so a tile of 32 outputs by 4 rows is two passes.</summary>
readonly unsafe struct LinearInt8Avx2 : IInt8Kernel
{
    const int PassOutputs = 16;

    // In groups of four values: from a group's magnitudes to its signs, from a row to the next, from a block to the next.
    const int SignStep = QuantizedRows.BlockInputs / 4;
    const int RowStep = 2 * SignStep;
    const int BlockStep = RowStep * QuantizedRows.GroupRows;

    public static int Accumulate(in Int8Tile tile)
    {
        if (tile.Rows < 4)
        {
            Rows1(tile);
            return 1;
        }
        for (int output = 0; output < LinearInt8.OutputTile; output += PassOutputs)
            Rows4(tile, tile.Weights + Int8Matrix.GroupInputs * output, tile.Sums + output);
        return 4;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Rows4(in Int8Tile tile, sbyte* w, float* sums)
    {
        int* x = (int*)tile.Activations;
        int* start = tile.Corrections;
        float* scales = tile.Scales;
        for (int k = 0; k < tile.Inputs; k += QuantizedRows.BlockInputs, x += BlockStep)
        {
            Vector256<int> a0 = Vector256.Create(start[0]), b0 = a0, a1 = Vector256.Create(start[1]), b1 = a1;
            Vector256<int> a2 = Vector256.Create(start[2]), b2 = a2, a3 = Vector256.Create(start[3]), b3 = a3;
            sbyte* end = w + LinearInt8.BlockBytes(tile.Inputs - k);
            for (int* p = x; w < end; w += LinearInt8.GroupBytes, p++)
            {
                Vector256<sbyte> w0 = Vector256.Load(w), w1 = Vector256.Load(w + Vector256<sbyte>.Count);
                Add(p, w0, w1, ref a0, ref b0);
                Add(p + RowStep, w0, w1, ref a1, ref b1);
                Add(p + 2 * RowStep, w0, w1, ref a2, ref b2);
                Add(p + 3 * RowStep, w0, w1, ref a3, ref b3);
            }
            Fold(a0, b0, scales[0], sums, k == 0);
            Fold(a1, b1, scales[1], sums + LinearInt8.OutputTile, k == 0);
            Fold(a2, b2, scales[2], sums + 2 * LinearInt8.OutputTile, k == 0);
            Fold(a3, b3, scales[3], sums + 3 * LinearInt8.OutputTile, k == 0);
            start += QuantizedRows.GroupRows;
            scales += QuantizedRows.GroupRows;
        }
    }

    // All 32 outputs in one pass: weights come from memory here, in their order.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Rows1(in Int8Tile tile)
    {
        sbyte* w = tile.Weights;
        int* x = (int*)tile.Activations;
        int* start = tile.Corrections;
        float* scales = tile.Scales;
        float* sums = tile.Sums;
        for (int k = 0; k < tile.Inputs; k += QuantizedRows.BlockInputs, x += BlockStep)
        {
            Vector256<int> a0 = Vector256.Create(start[0]), b0 = a0, a1 = a0, b1 = a0;
            sbyte* end = w + LinearInt8.BlockBytes(tile.Inputs - k);
            for (int* p = x; w < end; w += LinearInt8.GroupBytes, p++)
            {
                Add(p, Vector256.Load(w), Vector256.Load(w + 32), ref a0, ref b0);
                Add(p, Vector256.Load(w + 64), Vector256.Load(w + 96), ref a1, ref b1);
            }
            Fold(a0, b0, scales[0], sums, k == 0);
            Fold(a1, b1, scales[0], sums + PassOutputs, k == 0);
            start += QuantizedRows.GroupRows;
            scales += QuantizedRows.GroupRows;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(int* x, Vector256<sbyte> w0, Vector256<sbyte> w1, ref Vector256<int> sum0, ref Vector256<int> sum1)
    {
        Vector256<byte> magnitude = Vector256.Create(x[0]).AsByte();
        Vector256<sbyte> sign = Vector256.Create(x[SignStep]).AsSByte();
        sum0 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(magnitude, w0 ^ sign), Vector256<short>.One);
        sum1 += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(magnitude, w1 ^ sign), Vector256<short>.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Fold(Vector256<int> sum0, Vector256<int> sum1, float scale, float* sums, bool first)
    {
        Vector256<float> factor = Vector256.Create(scale);
        Vector256<float> acc0 = first ? Vector256<float>.Zero : Vector256.Load(sums);
        Vector256<float> acc1 = first ? Vector256<float>.Zero : Vector256.Load(sums + Vector256<float>.Count);
        Fma.MultiplyAdd(Avx.ConvertToVector256Single(sum0), factor, acc0).Store(sums);
        Fma.MultiplyAdd(Avx.ConvertToVector256Single(sum1), factor, acc1).Store(sums + Vector256<float>.Count);
    }
}
