using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Harness.Kernels.Linear;

/// <summary>vpdpbusd: to each int32 of the sum, four products of unsigned and signed bytes, without saturation.</summary>
interface IByteDot
{
    static abstract Vector256<int> Add(Vector256<int> sum, Vector256<byte> unsigned, Vector256<sbyte> signed);
}

/// <summary>The instruction itself.</summary>
readonly struct AvxVnniDot : IByteDot
{
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> unsigned, Vector256<sbyte> signed) =>
        AvxVnni.MultiplyWideningAndAdd(sum, unsigned, signed);
}

/// <summary>
/// AVX-VNNI form: groups of four activations, stored with 128 added, broadcast to all outputs. Sums start at -128 times the
/// block's sum of weights, which makes them exact. A tile of 32 outputs is two passes of 16 by up to 4 rows.
/// </summary>
/// <typeparam name="TDot">The instruction, or an emulation of it where a processor without it tests this form.</typeparam>
readonly unsafe struct LinearInt8AvxVnni<TDot> : IInt8Kernel
    where TDot : struct, IByteDot
{
    const int PassOutputs = 16;
    const int RowStep = QuantizedRows.BlockInputs / 4;
    const int BlockStep = RowStep * QuantizedRows.GroupRows;

    public static int Accumulate(in Int8Tile tile)
    {
        if (tile.Rows < 4)
        {
            Rows1(tile);
            return 1;
        }
        for (int output = 0; output < LinearInt8.OutputTile; output += PassOutputs)
            Rows4(tile, tile.Weights + Int8Matrix.GroupInputs * output, tile.Offsets + output, tile.Sums + output);
        return 4;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Rows4(in Int8Tile tile, sbyte* w, int* offsets, float* sums)
    {
        int* x = (int*)tile.Activations;
        float* scales = tile.Scales;
        for (int k = 0; k < tile.Inputs; k += QuantizedRows.BlockInputs, x += BlockStep, scales += QuantizedRows.GroupRows)
        {
            Vector256<int> a0 = Vector256.Load(offsets), b0 = Vector256.Load(offsets + Vector256<int>.Count);
            Vector256<int> a1 = a0, b1 = b0, a2 = a0, b2 = b0, a3 = a0, b3 = b0;
            sbyte* end = w + LinearInt8.BlockBytes(tile.Inputs - k);
            for (int* p = x; w < end; w += LinearInt8.GroupBytes, p++)
            {
                Vector256<sbyte> w0 = Vector256.Load(w), w1 = Vector256.Load(w + Vector256<sbyte>.Count);
                Add(p[0], w0, w1, ref a0, ref b0);
                Add(p[RowStep], w0, w1, ref a1, ref b1);
                Add(p[2 * RowStep], w0, w1, ref a2, ref b2);
                Add(p[3 * RowStep], w0, w1, ref a3, ref b3);
            }
            Fold(a0, b0, scales[0], sums, k == 0);
            Fold(a1, b1, scales[1], sums + LinearInt8.OutputTile, k == 0);
            Fold(a2, b2, scales[2], sums + 2 * LinearInt8.OutputTile, k == 0);
            Fold(a3, b3, scales[3], sums + 3 * LinearInt8.OutputTile, k == 0);
            offsets += LinearInt8.OutputTile;
        }
    }

    // All 32 outputs in one pass: weights come from memory here, in their order.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Rows1(in Int8Tile tile)
    {
        sbyte* w = tile.Weights;
        int* x = (int*)tile.Activations;
        int* offsets = tile.Offsets;
        float* scales = tile.Scales;
        for (int k = 0; k < tile.Inputs; k += QuantizedRows.BlockInputs, x += BlockStep, scales += QuantizedRows.GroupRows)
        {
            Vector256<int> a0 = Vector256.Load(offsets), b0 = Vector256.Load(offsets + 8);
            Vector256<int> a1 = Vector256.Load(offsets + 16), b1 = Vector256.Load(offsets + 24);
            sbyte* end = w + LinearInt8.BlockBytes(tile.Inputs - k);
            for (int* p = x; w < end; w += LinearInt8.GroupBytes, p++)
            {
                Add(p[0], Vector256.Load(w), Vector256.Load(w + 32), ref a0, ref b0);
                Add(p[0], Vector256.Load(w + 64), Vector256.Load(w + 96), ref a1, ref b1);
            }
            Fold(a0, b0, scales[0], tile.Sums, k == 0);
            Fold(a1, b1, scales[0], tile.Sums + PassOutputs, k == 0);
            offsets += LinearInt8.OutputTile;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(int group, Vector256<sbyte> w0, Vector256<sbyte> w1, ref Vector256<int> sum0, ref Vector256<int> sum1)
    {
        Vector256<byte> x = Vector256.Create(group).AsByte();
        sum0 = TDot.Add(sum0, x, w0);
        sum1 = TDot.Add(sum1, x, w1);
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
