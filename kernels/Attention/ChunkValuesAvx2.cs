using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Harness.Kernels.KvCache;

namespace Harness.Kernels.Attention;

/// <summary>AVX2 form: 16 dimensions by four queries, or 32 by one; a shared value is widened once for all queries.</summary>
static unsafe class ChunkValuesAvx2
{
    const int Chunk = HeadShape.Chunk;

    /// <param name="d">The first dimension.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in QueryTile tile, int stride, int d = 0)
    {
        if (tile.Queries == 1)
        {
            for (; d + 32 <= stride; d += 32)
                One32(tile, stride, d);
            for (; d < stride; d += 8)
                One8(tile, stride, d);
        }
        else if (tile.Shared)
        {
            for (; d + 16 <= stride; d += 16)
                Four16(tile, stride, d, shared: true);
            for (; d < stride; d += 8)
                Four8(tile, stride, d, shared: true);
        }
        else
        {
            for (; d + 16 <= stride; d += 16)
                Four16(tile, stride, d, shared: false);
            for (; d < stride; d += 8)
                Four8(tile, stride, d, shared: false);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Four16(in QueryTile tile, int stride, int d, bool shared)
    {
        nint second = (nint)tile.Offsets[1], third = (nint)tile.Offsets[2], fourth = (nint)tile.Offsets[3];
        sbyte* values = (sbyte*)tile.Page.Values + d;
        float* weights = tile.Scores;
        Vector256<float> a0 = default, b0 = default, c0 = default, d0 = default, a1 = default, b1 = default, c1 = default, d1 = default;
        for (float* end = weights + tile.Keys; weights < end; weights++, values += stride)
        {
            Vector256<float> low = Widen(values), high = Widen(values + 8);
            Add(low, high, *weights, ref a0, ref a1);
            Add(shared ? low : Widen(values + second), shared ? high : Widen(values + second + 8), weights[Chunk], ref b0, ref b1);
            Add(shared ? low : Widen(values + third), shared ? high : Widen(values + third + 8), weights[2 * Chunk], ref c0, ref c1);
            Add(shared ? low : Widen(values + fourth), shared ? high : Widen(values + fourth + 8), weights[3 * Chunk], ref d0, ref d1);
        }
        Store(a0, a1, tile.Outputs[0] + d);
        Store(b0, b1, tile.Outputs[1] + d);
        Store(c0, c1, tile.Outputs[2] + d);
        Store(d0, d1, tile.Outputs[3] + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Four8(in QueryTile tile, int stride, int d, bool shared)
    {
        nint second = (nint)tile.Offsets[1], third = (nint)tile.Offsets[2], fourth = (nint)tile.Offsets[3];
        sbyte* values = (sbyte*)tile.Page.Values + d;
        float* weights = tile.Scores;
        Vector256<float> a0 = default, b0 = default, c0 = default, d0 = default;
        for (float* end = weights + tile.Keys; weights < end; weights++, values += stride)
        {
            Vector256<float> x = Widen(values);
            a0 = Fma.MultiplyAdd(x, Vector256.Create(*weights), a0);
            b0 = Fma.MultiplyAdd(shared ? x : Widen(values + second), Vector256.Create(weights[Chunk]), b0);
            c0 = Fma.MultiplyAdd(shared ? x : Widen(values + third), Vector256.Create(weights[2 * Chunk]), c0);
            d0 = Fma.MultiplyAdd(shared ? x : Widen(values + fourth), Vector256.Create(weights[3 * Chunk]), d0);
        }
        a0.Store(tile.Outputs[0] + d);
        b0.Store(tile.Outputs[1] + d);
        c0.Store(tile.Outputs[2] + d);
        d0.Store(tile.Outputs[3] + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void One32(in QueryTile tile, int stride, int d)
    {
        sbyte* values = (sbyte*)tile.Page.Values + d;
        float* weights = tile.Scores;
        Vector256<float> a = default, b = default, c = default, e = default;
        for (float* end = weights + tile.Keys; weights < end; weights++, values += stride)
        {
            Add(Widen(values), Widen(values + 8), *weights, ref a, ref b);
            Add(Widen(values + 16), Widen(values + 24), *weights, ref c, ref e);
        }
        Store(a, b, tile.Outputs[0] + d);
        Store(c, e, tile.Outputs[0] + d + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void One8(in QueryTile tile, int stride, int d)
    {
        sbyte* values = (sbyte*)tile.Page.Values + d;
        float* weights = tile.Scores;
        Vector256<float> a = default;
        for (float* end = weights + tile.Keys; weights < end; weights++, values += stride)
            a = Fma.MultiplyAdd(Widen(values), Vector256.Create(*weights), a);
        a.Store(tile.Outputs[0] + d);
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
