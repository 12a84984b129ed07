using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Harness.Kernels.Linear;

/// <summary>
/// AVX-512 form without VNNI, which .NET does not offer: pairs of int16 activations broadcast to all outputs, int8 weights
/// widened once a register tile, vpmaddwd and vpaddd. 32 outputs by up to 8 rows: 16 accumulators.
/// </summary>
readonly unsafe struct LinearInt8Avx512 : IInt8Kernel
{
    // From a row to the next and from a block to the next, in pairs of int16.
    const int RowStep = QuantizedRows.BlockInputs / 2;
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

    static void Rows8(in Int8Tile tile)
    {
        sbyte* w = tile.Weights;
        int* x = (int*)tile.Activations;
        float* scales = tile.Scales;
        float* sums = tile.Sums;
        for (int k = 0; k < tile.Inputs; k += QuantizedRows.BlockInputs, x += BlockStep, scales += QuantizedRows.GroupRows)
        {
            Vector512<int> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default, a4 = default, b4 = default, a5 = default, b5 = default, a6 = default, b6 = default, a7 = default, b7 = default;
            sbyte* end = w + WeightBytes(tile.Inputs - k);
            for (int* p = x; w < end; w += 2 * LinearInt8.OutputTile, p++)
            {
                Vector512<short> w0 = Widen(w), w1 = Widen(w + LinearInt8.OutputTile);
                Add(p[0], w0, w1, ref a0, ref b0);
                Add(p[RowStep], w0, w1, ref a1, ref b1);
                Add(p[2 * RowStep], w0, w1, ref a2, ref b2);
                Add(p[3 * RowStep], w0, w1, ref a3, ref b3);
                Add(p[4 * RowStep], w0, w1, ref a4, ref b4);
                Add(p[5 * RowStep], w0, w1, ref a5, ref b5);
                Add(p[6 * RowStep], w0, w1, ref a6, ref b6);
                Add(p[7 * RowStep], w0, w1, ref a7, ref b7);
            }
            Fold(a0, b0, scales[0], sums, k == 0);
            Fold(a1, b1, scales[1], sums + LinearInt8.OutputTile, k == 0);
            Fold(a2, b2, scales[2], sums + 2 * LinearInt8.OutputTile, k == 0);
            Fold(a3, b3, scales[3], sums + 3 * LinearInt8.OutputTile, k == 0);
            Fold(a4, b4, scales[4], sums + 4 * LinearInt8.OutputTile, k == 0);
            Fold(a5, b5, scales[5], sums + 5 * LinearInt8.OutputTile, k == 0);
            Fold(a6, b6, scales[6], sums + 6 * LinearInt8.OutputTile, k == 0);
            Fold(a7, b7, scales[7], sums + 7 * LinearInt8.OutputTile, k == 0);
        }
    }

    static void Rows4(in Int8Tile tile)
    {
        sbyte* w = tile.Weights;
        int* x = (int*)tile.Activations;
        float* scales = tile.Scales;
        float* sums = tile.Sums;
        for (int k = 0; k < tile.Inputs; k += QuantizedRows.BlockInputs, x += BlockStep, scales += QuantizedRows.GroupRows)
        {
            Vector512<int> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
            sbyte* end = w + WeightBytes(tile.Inputs - k);
            for (int* p = x; w < end; w += 2 * LinearInt8.OutputTile, p++)
            {
                Vector512<short> w0 = Widen(w), w1 = Widen(w + LinearInt8.OutputTile);
                Add(p[0], w0, w1, ref a0, ref b0);
                Add(p[RowStep], w0, w1, ref a1, ref b1);
                Add(p[2 * RowStep], w0, w1, ref a2, ref b2);
                Add(p[3 * RowStep], w0, w1, ref a3, ref b3);
            }
            Fold(a0, b0, scales[0], sums, k == 0);
            Fold(a1, b1, scales[1], sums + LinearInt8.OutputTile, k == 0);
            Fold(a2, b2, scales[2], sums + 2 * LinearInt8.OutputTile, k == 0);
            Fold(a3, b3, scales[3], sums + 3 * LinearInt8.OutputTile, k == 0);
        }
    }

    static void Rows2(in Int8Tile tile)
    {
        sbyte* w = tile.Weights;
        int* x = (int*)tile.Activations;
        float* scales = tile.Scales;
        float* sums = tile.Sums;
        for (int k = 0; k < tile.Inputs; k += QuantizedRows.BlockInputs, x += BlockStep, scales += QuantizedRows.GroupRows)
        {
            Vector512<int> a0 = default, b0 = default, a1 = default, b1 = default;
            sbyte* end = w + WeightBytes(tile.Inputs - k);
            for (int* p = x; w < end; w += 2 * LinearInt8.OutputTile, p++)
            {
                Vector512<short> w0 = Widen(w), w1 = Widen(w + LinearInt8.OutputTile);
                Add(p[0], w0, w1, ref a0, ref b0);
                Add(p[RowStep], w0, w1, ref a1, ref b1);
            }
            Fold(a0, b0, scales[0], sums, k == 0);
            Fold(a1, b1, scales[1], sums + LinearInt8.OutputTile, k == 0);
        }
    }

    static void Rows1(in Int8Tile tile)
    {
        sbyte* w = tile.Weights;
        int* x = (int*)tile.Activations;
        float* scales = tile.Scales;
        float* sums = tile.Sums;
        for (int k = 0; k < tile.Inputs; k += QuantizedRows.BlockInputs, x += BlockStep, scales += QuantizedRows.GroupRows)
        {
            Vector512<int> a0 = default, b0 = default;
            sbyte* end = w + WeightBytes(tile.Inputs - k);
            for (int* p = x; w < end; w += 2 * LinearInt8.OutputTile, p++)
            {
                Vector512<short> w0 = Widen(w), w1 = Widen(w + LinearInt8.OutputTile);
                Add(p[0], w0, w1, ref a0, ref b0);
            }
            Fold(a0, b0, scales[0], sums, k == 0);
        }
    }

    static int WeightBytes(int inputs) => (Math.Min(QuantizedRows.BlockInputs, inputs) + 1) / 2 * 2 * LinearInt8.OutputTile;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<short> Widen(sbyte* weights) => Avx512BW.ConvertToVector512Int16(Vector256.Load(weights));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(int pair, Vector512<short> w0, Vector512<short> w1, ref Vector512<int> sum0, ref Vector512<int> sum1)
    {
        Vector512<short> x = Vector512.Create(pair).AsInt16();
        sum0 += Avx512BW.MultiplyAddAdjacent(x, w0);
        sum1 += Avx512BW.MultiplyAddAdjacent(x, w1);
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
