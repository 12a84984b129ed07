using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Harness.Kernels.Linear;

/// <summary>
/// AVX-512 form without VNNI, which .NET does not offer: vpmaddubsw of magnitudes and sign-adjusted weights, then vpmaddwd by
/// one (see <see cref="SignedByteBlock"/>): two multiplications for 64 products, as few as widening to int16 would need, but
/// two other instructions instead of three. 32 outputs by up to 8 rows: 16 accumulators.
/// </summary>
readonly unsafe struct LinearInt8Avx512 : IInt8Kernel
{
    // In groups of four values: from a group's magnitudes to its signs, from a row to the next, from a block to the next.
    const int SignStep = QuantizedRows.BlockInputs / 4;
    const int RowStep = 2 * SignStep;
    const int BlockStep = RowStep * QuantizedRows.GroupRows;

    public static int Accumulate(in Int8Tile tile)
    {
        switch (tile.Rows)
        {
            case >= 8:
                Rows8(tile);
                return 8;
            case >= 4:
                Rows4(tile);
                return 4;
            case >= 2:
                Rows2(tile);
                return 2;
            default:
                Rows1(tile);
                return 1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Rows8(in Int8Tile tile)
    {
        sbyte* w = tile.Weights;
        int* x = (int*)tile.Activations;
        int* start = tile.Corrections;
        float* scales = tile.Scales;
        float* sums = tile.Sums;
        for (int k = 0; k < tile.Inputs; k += QuantizedRows.BlockInputs, x += BlockStep)
        {
            Vector512<int> a0 = Vector512.Create(start[0]), b0 = a0, a1 = Vector512.Create(start[1]), b1 = a1;
            Vector512<int> a2 = Vector512.Create(start[2]), b2 = a2, a3 = Vector512.Create(start[3]), b3 = a3;
            Vector512<int> a4 = Vector512.Create(start[4]), b4 = a4, a5 = Vector512.Create(start[5]), b5 = a5;
            Vector512<int> a6 = Vector512.Create(start[6]), b6 = a6, a7 = Vector512.Create(start[7]), b7 = a7;
            sbyte* end = w + LinearInt8.BlockBytes(tile.Inputs - k);
            for (int* p = x; w < end; w += LinearInt8.GroupBytes, p++)
            {
                Vector512<sbyte> w0 = Vector512.Load(w), w1 = Vector512.Load(w + Vector512<sbyte>.Count);
                Add(p, w0, w1, ref a0, ref b0);
                Add(p + RowStep, w0, w1, ref a1, ref b1);
                Add(p + 2 * RowStep, w0, w1, ref a2, ref b2);
                Add(p + 3 * RowStep, w0, w1, ref a3, ref b3);
                Add(p + 4 * RowStep, w0, w1, ref a4, ref b4);
                Add(p + 5 * RowStep, w0, w1, ref a5, ref b5);
                Add(p + 6 * RowStep, w0, w1, ref a6, ref b6);
                Add(p + 7 * RowStep, w0, w1, ref a7, ref b7);
            }
            Fold(a0, b0, scales[0], sums, k == 0);
            Fold(a1, b1, scales[1], sums + LinearInt8.OutputTile, k == 0);
            Fold(a2, b2, scales[2], sums + 2 * LinearInt8.OutputTile, k == 0);
            Fold(a3, b3, scales[3], sums + 3 * LinearInt8.OutputTile, k == 0);
            Fold(a4, b4, scales[4], sums + 4 * LinearInt8.OutputTile, k == 0);
            Fold(a5, b5, scales[5], sums + 5 * LinearInt8.OutputTile, k == 0);
            Fold(a6, b6, scales[6], sums + 6 * LinearInt8.OutputTile, k == 0);
            Fold(a7, b7, scales[7], sums + 7 * LinearInt8.OutputTile, k == 0);
            start += QuantizedRows.GroupRows;
            scales += QuantizedRows.GroupRows;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Rows4(in Int8Tile tile)
    {
        sbyte* w = tile.Weights;
        int* x = (int*)tile.Activations;
        int* start = tile.Corrections;
        float* scales = tile.Scales;
        float* sums = tile.Sums;
        for (int k = 0; k < tile.Inputs; k += QuantizedRows.BlockInputs, x += BlockStep)
        {
            Vector512<int> a0 = Vector512.Create(start[0]), b0 = a0, a1 = Vector512.Create(start[1]), b1 = a1;
            Vector512<int> a2 = Vector512.Create(start[2]), b2 = a2, a3 = Vector512.Create(start[3]), b3 = a3;
            sbyte* end = w + LinearInt8.BlockBytes(tile.Inputs - k);
            for (int* p = x; w < end; w += LinearInt8.GroupBytes, p++)
            {
                Vector512<sbyte> w0 = Vector512.Load(w), w1 = Vector512.Load(w + Vector512<sbyte>.Count);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Rows2(in Int8Tile tile)
    {
        sbyte* w = tile.Weights;
        int* x = (int*)tile.Activations;
        int* start = tile.Corrections;
        float* scales = tile.Scales;
        float* sums = tile.Sums;
        for (int k = 0; k < tile.Inputs; k += QuantizedRows.BlockInputs, x += BlockStep)
        {
            Vector512<int> a0 = Vector512.Create(start[0]), b0 = a0, a1 = Vector512.Create(start[1]), b1 = a1;
            sbyte* end = w + LinearInt8.BlockBytes(tile.Inputs - k);
            for (int* p = x; w < end; w += LinearInt8.GroupBytes, p++)
            {
                Vector512<sbyte> w0 = Vector512.Load(w), w1 = Vector512.Load(w + Vector512<sbyte>.Count);
                Add(p, w0, w1, ref a0, ref b0);
                Add(p + RowStep, w0, w1, ref a1, ref b1);
            }
            Fold(a0, b0, scales[0], sums, k == 0);
            Fold(a1, b1, scales[1], sums + LinearInt8.OutputTile, k == 0);
            start += QuantizedRows.GroupRows;
            scales += QuantizedRows.GroupRows;
        }
    }

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
            Vector512<int> a0 = Vector512.Create(start[0]), b0 = a0;
            sbyte* end = w + LinearInt8.BlockBytes(tile.Inputs - k);
            for (int* p = x; w < end; w += LinearInt8.GroupBytes, p++)
            {
                Vector512<sbyte> w0 = Vector512.Load(w), w1 = Vector512.Load(w + Vector512<sbyte>.Count);
                Add(p, w0, w1, ref a0, ref b0);
            }
            Fold(a0, b0, scales[0], sums, k == 0);
            start += QuantizedRows.GroupRows;
            scales += QuantizedRows.GroupRows;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(int* x, Vector512<sbyte> w0, Vector512<sbyte> w1, ref Vector512<int> sum0, ref Vector512<int> sum1)
    {
        Vector512<byte> magnitude = Vector512.Create(x[0]).AsByte();
        Vector512<sbyte> sign = Vector512.Create(x[SignStep]).AsSByte();
        sum0 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(magnitude, w0 ^ sign), Vector512<short>.One);
        sum1 += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(magnitude, w1 ^ sign), Vector512<short>.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Fold(Vector512<int> sum0, Vector512<int> sum1, float scale, float* sums, bool first)
    {
        Vector512<float> factor = Vector512.Create(scale);
        Vector512<float> acc0 = first ? Vector512<float>.Zero : Vector512.Load(sums);
        Vector512<float> acc1 = first ? Vector512<float>.Zero : Vector512.Load(sums + Vector512<float>.Count);
        Avx512F.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(sum0), factor, acc0).Store(sums);
        Avx512F.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(sum1), factor, acc1).Store(sums + Vector512<float>.Count);
    }
}
