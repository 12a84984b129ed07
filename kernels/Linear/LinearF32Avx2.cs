using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Harness.Kernels.Linear;

/// <summary>AVX2 form: a tile of 32 outputs is two passes of 16 by up to 4 rows.</summary>
readonly unsafe struct LinearF32Avx2 : IF32Kernel
{
    const int PassOutputs = 16;

    public static int Accumulate(in F32Tile tile)
    {
        for (int output = 0; output < LinearF32.OutputTile; output += PassOutputs)
        {
            if (tile.Rows >= 4)
                Rows4(tile, tile.Weights + output, tile.Sums + output);
            else
                Rows1(tile, tile.Weights + output, tile.Sums + output);
        }
        return tile.Rows >= 4 ? 4 : 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Rows4(in F32Tile tile, float* w, float* sums)
    {
        nint step = tile.RowStep;
        float* x0 = tile.Activations, x1 = x0 + step, x2 = x1 + step, x3 = x2 + step;
        for (int start = 0; start < tile.Inputs; start += LinearF32.BlockInputs)
        {
            Vector256<float> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
            int end = Math.Min(start + LinearF32.BlockInputs, tile.Inputs);
            for (nint k = start; k < end; k++, w += LinearF32.OutputTile)
            {
                Vector256<float> w0 = Vector256.Load(w), w1 = Vector256.Load(w + Vector256<float>.Count);
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
    static void Rows1(in F32Tile tile, float* w, float* sums)
    {
        float* x0 = tile.Activations;
        for (int start = 0; start < tile.Inputs; start += LinearF32.BlockInputs)
        {
            Vector256<float> a0 = default, b0 = default;
            int end = Math.Min(start + LinearF32.BlockInputs, tile.Inputs);
            for (nint k = start; k < end; k++, w += LinearF32.OutputTile)
            {
                Vector256<float> w0 = Vector256.Load(w), w1 = Vector256.Load(w + Vector256<float>.Count);
                Add(x0[k], w0, w1, ref a0, ref b0);
            }
            Fold(a0, b0, sums, start == 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Add(float x, Vector256<float> w0, Vector256<float> w1, ref Vector256<float> sum0, ref Vector256<float> sum1)
    {
        Vector256<float> factor = Vector256.Create(x);
        sum0 = Fma.MultiplyAdd(factor, w0, sum0);
        sum1 = Fma.MultiplyAdd(factor, w1, sum1);
    }

    // The first block is added to +0, which turns a sum of -0 into +0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Fold(Vector256<float> block0, Vector256<float> block1, float* sums, bool first)
    {
        Vector256<float> sum0 = first ? Vector256<float>.Zero : Vector256.Load(sums);
        Vector256<float> sum1 = first ? Vector256<float>.Zero : Vector256.Load(sums + Vector256<float>.Count);
        (sum0 + block0).Store(sums);
        (sum1 + block1).Store(sums + Vector256<float>.Count);
    }
}
