using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Harness.Kernels.Attention;

/// <summary>AVX2 form: 16 dimensions by four queries, or 32 by one; each value is widened once for all queries.</summary>
static unsafe class ChunkValuesAvx2
{
    /// <param name="d">The first dimension.</param>
    public static void Run(in QueryTile tile, sbyte* values, int stride, int keys, float** outputs, int d = 0)
    {
        if (tile.Queries == 1)
        {
            for (; d + 32 <= stride; d += 32)
                One32(tile.Scores(0), values + d, stride, keys, outputs[0] + d);
            for (; d + 16 <= stride; d += 16)
                One16(tile.Scores(0), values + d, stride, keys, outputs[0] + d);
            for (; d < stride; d += 8)
                One8(tile.Scores(0), values + d, stride, keys, outputs[0] + d);
        }
        else
        {
            for (; d + 16 <= stride; d += 16)
                Four16(tile.Scores(0), values + d, stride, keys, outputs, d);
            for (; d < stride; d += 8)
                Four8(tile.Scores(0), values + d, stride, keys, outputs, d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Four16(float* weights, sbyte* values, int stride, int keys, float** outputs, int d)
    {
        Vector256<float> a0 = default, b0 = default, c0 = default, d0 = default, a1 = default, b1 = default, c1 = default, d1 = default;
        for (float* end = weights + keys; weights < end; weights++, values += stride)
        {
            Vector256<float> low = Widen(values), high = Widen(values + 8);
            Add(low, high, *weights, ref a0, ref a1);
            Add(low, high, weights[AttentionShape.Chunk], ref b0, ref b1);
            Add(low, high, weights[2 * AttentionShape.Chunk], ref c0, ref c1);
            Add(low, high, weights[3 * AttentionShape.Chunk], ref d0, ref d1);
        }
        Store(a0, a1, outputs[0] + d);
        Store(b0, b1, outputs[1] + d);
        Store(c0, c1, outputs[2] + d);
        Store(d0, d1, outputs[3] + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Four8(float* weights, sbyte* values, int stride, int keys, float** outputs, int d)
    {
        Vector256<float> a0 = default, b0 = default, c0 = default, d0 = default;
        for (float* end = weights + keys; weights < end; weights++, values += stride)
        {
            Vector256<float> x = Widen(values);
            a0 = Fma.MultiplyAdd(x, Vector256.Create(*weights), a0);
            b0 = Fma.MultiplyAdd(x, Vector256.Create(weights[AttentionShape.Chunk]), b0);
            c0 = Fma.MultiplyAdd(x, Vector256.Create(weights[2 * AttentionShape.Chunk]), c0);
            d0 = Fma.MultiplyAdd(x, Vector256.Create(weights[3 * AttentionShape.Chunk]), d0);
        }
        a0.Store(outputs[0] + d);
        b0.Store(outputs[1] + d);
        c0.Store(outputs[2] + d);
        d0.Store(outputs[3] + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One32(float* weights, sbyte* values, int stride, int keys, float* output)
    {
        Vector256<float> a = default, b = default, c = default, d = default;
        for (float* end = weights + keys; weights < end; weights++, values += stride)
        {
            Add(Widen(values), Widen(values + 8), *weights, ref a, ref b);
            Add(Widen(values + 16), Widen(values + 24), *weights, ref c, ref d);
        }
        Store(a, b, output);
        Store(c, d, output + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One16(float* weights, sbyte* values, int stride, int keys, float* output)
    {
        Vector256<float> a = default, b = default;
        for (float* end = weights + keys; weights < end; weights++, values += stride)
            Add(Widen(values), Widen(values + 8), *weights, ref a, ref b);
        Store(a, b, output);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One8(float* weights, sbyte* values, int stride, int keys, float* output)
    {
        Vector256<float> a = default;
        for (float* end = weights + keys; weights < end; weights++, values += stride)
            a = Fma.MultiplyAdd(Widen(values), Vector256.Create(*weights), a);
        a.Store(output);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Widen(sbyte* values) => Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(values));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(Vector256<float> low, Vector256<float> high, float weight, ref Vector256<float> sumLow, ref Vector256<float> sumHigh)
    {
        Vector256<float> factor = Vector256.Create(weight);
        sumLow = Fma.MultiplyAdd(low, factor, sumLow);
        sumHigh = Fma.MultiplyAdd(high, factor, sumHigh);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(Vector256<float> low, Vector256<float> high, float* output)
    {
        low.Store(output);
        high.Store(output + 8);
    }
}
