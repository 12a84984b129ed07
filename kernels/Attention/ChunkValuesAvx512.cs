using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Harness.Kernels.KvCache;

namespace Harness.Kernels.Attention;

/// <summary>AVX-512 form: 32 dimensions by four queries, or 64 by one; a shared value is widened once for all queries.</summary>
static unsafe class ChunkValuesAvx512
{
    const int Chunk = HeadShape.Chunk;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in QueryTile tile, int stride)
    {
        int d = 0;
        if (tile.Queries == 1)
        {
            for (; d + 64 <= stride; d += 64)
                One64(tile, stride, d);
            for (; d + 16 <= stride; d += 16)
                One16(tile, stride, d);
        }
        else if (tile.Shared)
        {
            for (; d + 32 <= stride; d += 32)
                Four32(tile, stride, d, shared: true);
            for (; d + 16 <= stride; d += 16)
                Four16(tile, stride, d, shared: true);
        }
        else
        {
            for (; d + 32 <= stride; d += 32)
                Four32(tile, stride, d, shared: false);
            for (; d + 16 <= stride; d += 16)
                Four16(tile, stride, d, shared: false);
        }
        if (d < stride)
            ChunkValuesAvx2.Run(tile, stride, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Four32(in QueryTile tile, int stride, int d, bool shared)
    {
        nint second = (nint)tile.Offsets[1], third = (nint)tile.Offsets[2], fourth = (nint)tile.Offsets[3];
        sbyte* values = (sbyte*)tile.Page.Values + d;
        float* weights = tile.Scores;
        Vector512<float> a0 = default, b0 = default, c0 = default, d0 = default, a1 = default, b1 = default, c1 = default, d1 = default;
        for (float* end = weights + tile.Keys; weights < end; weights++, values += stride)
        {
            Vector512<float> low = Widen(values), high = Widen(values + 16);
            Add(low, high, *weights, ref a0, ref a1);
            Add(shared ? low : Widen(values + second), shared ? high : Widen(values + second + 16), weights[Chunk], ref b0, ref b1);
            Add(shared ? low : Widen(values + third), shared ? high : Widen(values + third + 16), weights[2 * Chunk], ref c0, ref c1);
            Add(shared ? low : Widen(values + fourth), shared ? high : Widen(values + fourth + 16), weights[3 * Chunk], ref d0, ref d1);
        }
        Store(a0, a1, tile.Outputs[0] + d);
        Store(b0, b1, tile.Outputs[1] + d);
        Store(c0, c1, tile.Outputs[2] + d);
        Store(d0, d1, tile.Outputs[3] + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Four16(in QueryTile tile, int stride, int d, bool shared)
    {
        nint second = (nint)tile.Offsets[1], third = (nint)tile.Offsets[2], fourth = (nint)tile.Offsets[3];
        sbyte* values = (sbyte*)tile.Page.Values + d;
        float* weights = tile.Scores;
        Vector512<float> a0 = default, b0 = default, c0 = default, d0 = default;
        for (float* end = weights + tile.Keys; weights < end; weights++, values += stride)
        {
            Vector512<float> x = Widen(values);
            a0 = Avx512F.FusedMultiplyAdd(x, Vector512.Create(*weights), a0);
            b0 = Avx512F.FusedMultiplyAdd(shared ? x : Widen(values + second), Vector512.Create(weights[Chunk]), b0);
            c0 = Avx512F.FusedMultiplyAdd(shared ? x : Widen(values + third), Vector512.Create(weights[2 * Chunk]), c0);
            d0 = Avx512F.FusedMultiplyAdd(shared ? x : Widen(values + fourth), Vector512.Create(weights[3 * Chunk]), d0);
        }
        a0.Store(tile.Outputs[0] + d);
        b0.Store(tile.Outputs[1] + d);
        c0.Store(tile.Outputs[2] + d);
        d0.Store(tile.Outputs[3] + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void One64(in QueryTile tile, int stride, int d)
    {
        sbyte* values = (sbyte*)tile.Page.Values + d;
        float* weights = tile.Scores;
        Vector512<float> a = default, b = default, c = default, e = default;
        for (float* end = weights + tile.Keys; weights < end; weights++, values += stride)
        {
            Add(Widen(values), Widen(values + 16), *weights, ref a, ref b);
            Add(Widen(values + 32), Widen(values + 48), *weights, ref c, ref e);
        }
        Store(a, b, tile.Outputs[0] + d);
        Store(c, e, tile.Outputs[0] + d + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void One16(in QueryTile tile, int stride, int d)
    {
        sbyte* values = (sbyte*)tile.Page.Values + d;
        float* weights = tile.Scores;
        Vector512<float> a = default;
        for (float* end = weights + tile.Keys; weights < end; weights++, values += stride)
            a = Avx512F.FusedMultiplyAdd(Widen(values), Vector512.Create(*weights), a);
        a.Store(tile.Outputs[0] + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Widen(sbyte* values) =>
        Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector128.Load(values)));

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
