using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Harness.Kernels.Linear;

/// <summary>AVX-512 form: 32 outputs by up to 8 rows, 16 accumulators.</summary>
readonly unsafe struct LinearF32Avx512 : IF32Kernel
{
    public static int Accumulate(in F32Tile tile)
    {
        switch (tile.Rows)
        {
            case >= 8:
                Rows8(tile);
                return 8;
            case >= 4:
                Rows4(tile);
                return 4;
            default:
                Rows1(tile);
                return 1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Rows8(in F32Tile tile)
    {
        float* w = tile.Weights, sums = tile.Sums;
        nint step = tile.RowStep;
        float* x0 = tile.Activations, x1 = x0 + step, x2 = x1 + step, x3 = x2 + step;
        float* x4 = x3 + step, x5 = x4 + step, x6 = x5 + step, x7 = x6 + step;
        for (int start = 0; start < tile.Inputs; start += LinearF32.BlockInputs)
        {
            Vector512<float> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
            Vector512<float> a4 = default, b4 = default, a5 = default, b5 = default, a6 = default, b6 = default, a7 = default, b7 = default;
            int end = Math.Min(start + LinearF32.BlockInputs, tile.Inputs);
            for (nint k = start; k < end; k++, w += LinearF32.OutputTile)
            {
                Vector512<float> w0 = Vector512.Load(w), w1 = Vector512.Load(w + Vector512<float>.Count);
                Add(x0[k], w0, w1, ref a0, ref b0);
                Add(x1[k], w0, w1, ref a1, ref b1);
                Add(x2[k], w0, w1, ref a2, ref b2);
                Add(x3[k], w0, w1, ref a3, ref b3);
                Add(x4[k], w0, w1, ref a4, ref b4);
                Add(x5[k], w0, w1, ref a5, ref b5);
                Add(x6[k], w0, w1, ref a6, ref b6);
                Add(x7[k], w0, w1, ref a7, ref b7);
            }
            Fold(a0, b0, sums, start == 0);
            Fold(a1, b1, sums + LinearF32.OutputTile, start == 0);
            Fold(a2, b2, sums + 2 * LinearF32.OutputTile, start == 0);
            Fold(a3, b3, sums + 3 * LinearF32.OutputTile, start == 0);
            Fold(a4, b4, sums + 4 * LinearF32.OutputTile, start == 0);
            Fold(a5, b5, sums + 5 * LinearF32.OutputTile, start == 0);
            Fold(a6, b6, sums + 6 * LinearF32.OutputTile, start == 0);
            Fold(a7, b7, sums + 7 * LinearF32.OutputTile, start == 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Rows4(in F32Tile tile)
    {
        float* w = tile.Weights, sums = tile.Sums;
        nint step = tile.RowStep;
        float* x0 = tile.Activations, x1 = x0 + step, x2 = x1 + step, x3 = x2 + step;
        for (int start = 0; start < tile.Inputs; start += LinearF32.BlockInputs)
        {
            Vector512<float> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
            int end = Math.Min(start + LinearF32.BlockInputs, tile.Inputs);
            for (nint k = start; k < end; k++, w += LinearF32.OutputTile)
            {
                Vector512<float> w0 = Vector512.Load(w), w1 = Vector512.Load(w + Vector512<float>.Count);
                Add(x0[k], w0, w1, ref a0, ref b0);
                Add(x1[k], w0, w1, ref a1, ref b1);
                Add(x2[k], w0, w1, ref a2, ref b2);
                Add(x3[k], w0, w1, ref a3, ref b3);
            }
            Fold(a0, b0, sums, start == 0);
            Fold(a1, b1, sums + LinearF32.OutputTile, start == 0);
            Fold(a2, b2, sums + 2 * LinearF32.OutputTile, start == 0);
            Fold(a3, b3, sums + 3 * LinearF32.OutputTile, start == 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Rows1(in F32Tile tile)
    {
        float* w = tile.Weights, sums = tile.Sums;
        float* x0 = tile.Activations;
        for (int start = 0; start < tile.Inputs; start += LinearF32.BlockInputs)
        {
            Vector512<float> a0 = default, b0 = default;
            int end = Math.Min(start + LinearF32.BlockInputs, tile.Inputs);
            for (nint k = start; k < end; k++, w += LinearF32.OutputTile)
            {
                Vector512<float> w0 = Vector512.Load(w), w1 = Vector512.Load(w + Vector512<float>.Count);
                Add(x0[k], w0, w1, ref a0, ref b0);
            }
            Fold(a0, b0, sums, start == 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Add(float x, Vector512<float> w0, Vector512<float> w1, ref Vector512<float> sum0, ref Vector512<float> sum1)
    {
        Vector512<float> factor = Vector512.Create(x);
        sum0 = Avx512F.FusedMultiplyAdd(factor, w0, sum0);
        sum1 = Avx512F.FusedMultiplyAdd(factor, w1, sum1);
    }

    // The first block is added to +0, which turns a sum of -0 into +0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Fold(Vector512<float> block0, Vector512<float> block1, float* sums, bool first)
    {
        Vector512<float> sum0 = first ? Vector512<float>.Zero : Vector512.Load(sums);
        Vector512<float> sum1 = first ? Vector512<float>.Zero : Vector512.Load(sums + Vector512<float>.Count);
        (sum0 + block0).Store(sums);
        (sum1 + block1).Store(sums + Vector512<float>.Count);
    }
}
