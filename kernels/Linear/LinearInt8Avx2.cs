using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Harness.Kernels.Linear;

/// <summary>AVX2 form: as the AVX-512 one in registers of half the width, so a tile of 32 outputs is two passes of 16 by up to 4 rows.</summary>
readonly unsafe struct LinearInt8Avx2 : IInt8Kernel
{
    const int PassOutputs = 16;
    const int RowStep = QuantizedRows.BlockInputs / 2;
    const int BlockStep = RowStep * QuantizedRows.GroupRows;

    public static int Accumulate(in Int8Tile tile)
    {
        for (int output = 0; output < LinearInt8.OutputTile; output += PassOutputs)
        {
            if (tile.Rows >= 4)
                Rows4(tile, tile.Weights + 2 * output, tile.Sums + output);
            else
                Rows1(tile, tile.Weights + 2 * output, tile.Sums + output);
        }
        return tile.Rows >= 4 ? 4 : 1;
    }

    static void Rows4(in Int8Tile tile, sbyte* w, float* sums)
    {
        int* x = (int*)tile.Activations;
        float* scales = tile.Scales;
        for (int k = 0; k < tile.Inputs; k += QuantizedRows.BlockInputs, x += BlockStep, scales += QuantizedRows.GroupRows)
        {
            Vector256<int> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
            sbyte* end = w + WeightBytes(tile.Inputs - k);
            for (int* p = x; w < end; w += 2 * LinearInt8.OutputTile, p++)
            {
                Vector256<short> w0 = Widen(w), w1 = Widen(w + PassOutputs);
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

    static void Rows1(in Int8Tile tile, sbyte* w, float* sums)
    {
        int* x = (int*)tile.Activations;
        float* scales = tile.Scales;
        for (int k = 0; k < tile.Inputs; k += QuantizedRows.BlockInputs, x += BlockStep, scales += QuantizedRows.GroupRows)
        {
            Vector256<int> a0 = default, b0 = default;
            sbyte* end = w + WeightBytes(tile.Inputs - k);
            for (int* p = x; w < end; w += 2 * LinearInt8.OutputTile, p++)
                Add(p[0], Widen(w), Widen(w + PassOutputs), ref a0, ref b0);
            Fold(a0, b0, scales[0], sums, k == 0);
        }
    }

    static int WeightBytes(int inputs) => (Math.Min(QuantizedRows.BlockInputs, inputs) + 1) / 2 * 2 * LinearInt8.OutputTile;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<short> Widen(sbyte* weights) => Avx2.ConvertToVector256Int16(Vector128.Load(weights));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(int pair, Vector256<short> w0, Vector256<short> w1, ref Vector256<int> sum0, ref Vector256<int> sum1)
    {
        Vector256<short> x = Vector256.Create(pair).AsInt16();
        sum0 += Avx2.MultiplyAddAdjacent(x, w0);
        sum1 += Avx2.MultiplyAddAdjacent(x, w1);
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
