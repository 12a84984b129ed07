using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Harness.Kernels.Attention;

/// <summary>AVX-512 form: 32 dimensions by four queries, or 64 by one; each value is widened once for all queries.</summary>
static unsafe class ChunkValuesAvx512
{
    public static void Run(in QueryTile tile, sbyte* values, int stride, int keys, float** outputs)
    {
        int d = 0;
        if (tile.Queries == 1)
        {
            for (; d + 64 <= stride; d += 64)
                One64(tile.Scores(0), values + d, stride, keys, outputs[0] + d);
            for (; d + 16 <= stride; d += 16)
                One16(tile.Scores(0), values + d, stride, keys, outputs[0] + d);
        }
        else
        {
            for (; d + 32 <= stride; d += 32)
                Four32(tile.Scores(0), values + d, stride, keys, outputs, d);
            for (; d + 16 <= stride; d += 16)
                Four16(tile.Scores(0), values + d, stride, keys, outputs, d);
        }
        if (d < stride)
            ChunkValuesAvx2.Run(tile, values, stride, keys, outputs, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Four32(float* weights, sbyte* values, int stride, int keys, float** outputs, int d)
    {
        Vector512<float> a0 = default, b0 = default, c0 = default, d0 = default, a1 = default, b1 = default, c1 = default, d1 = default;
        for (float* end = weights + keys; weights < end; weights++, values += stride)
        {
            Vector512<float> low = Widen(values), high = Widen(values + 16);
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
    static void Four16(float* weights, sbyte* values, int stride, int keys, float** outputs, int d)
    {
        Vector512<float> a0 = default, b0 = default, c0 = default, d0 = default;
        for (float* end = weights + keys; weights < end; weights++, values += stride)
        {
            Vector512<float> x = Widen(values);
            a0 = Avx512F.FusedMultiplyAdd(x, Vector512.Create(*weights), a0);
            b0 = Avx512F.FusedMultiplyAdd(x, Vector512.Create(weights[AttentionShape.Chunk]), b0);
            c0 = Avx512F.FusedMultiplyAdd(x, Vector512.Create(weights[2 * AttentionShape.Chunk]), c0);
            d0 = Avx512F.FusedMultiplyAdd(x, Vector512.Create(weights[3 * AttentionShape.Chunk]), d0);
        }
        a0.Store(outputs[0] + d);
        b0.Store(outputs[1] + d);
        c0.Store(outputs[2] + d);
        d0.Store(outputs[3] + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One64(float* weights, sbyte* values, int stride, int keys, float* output)
    {
        Vector512<float> a = default, b = default, c = default, d = default;
        for (float* end = weights + keys; weights < end; weights++, values += stride)
        {
            Add(Widen(values), Widen(values + 16), *weights, ref a, ref b);
            Add(Widen(values + 32), Widen(values + 48), *weights, ref c, ref d);
        }
        Store(a, b, output);
        Store(c, d, output + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One16(float* weights, sbyte* values, int stride, int keys, float* output)
    {
        Vector512<float> a = default;
        for (float* end = weights + keys; weights < end; weights++, values += stride)
            a = Avx512F.FusedMultiplyAdd(Widen(values), Vector512.Create(*weights), a);
        a.Store(output);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Widen(sbyte* values) => Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector128.Load(values)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(Vector512<float> low, Vector512<float> high, float weight, ref Vector512<float> sumLow, ref Vector512<float> sumHigh)
    {
        Vector512<float> factor = Vector512.Create(weight);
        sumLow = Avx512F.FusedMultiplyAdd(low, factor, sumLow);
        sumHigh = Avx512F.FusedMultiplyAdd(high, factor, sumHigh);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(Vector512<float> low, Vector512<float> high, float* output)
    {
        low.Store(output);
        high.Store(output + 16);
    }
}
