using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Harness.Kernels.KvCache;

namespace Harness.Kernels.Attention;

/// <summary>AVX2 form: as the AVX-512 one, 16 keys in two registers.</summary>
static unsafe class ChunkScoresAvx2
{
    const int Group = HeadPage.Int8Group;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in QueryTile tile, int headWidth)
    {
        if (tile.Queries == 1)
            One(tile, headWidth);
        else if (tile.Shared)
            Four(tile, headWidth, shared: true);
        else
            Four(tile, headWidth, shared: false);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Four(in QueryTile tile, int headWidth, bool shared)
    {
        nint step = tile.Width / 2;
        nint second = (nint)tile.Offsets[1], third = (nint)tile.Offsets[2], fourth = (nint)tile.Offsets[3];
        sbyte* keys = (sbyte*)tile.Page.Keys;
        for (int first = 0; first < tile.Keys; first += Group)
        {
            int* q = (int*)tile.Values;
            Vector256<int> a0 = default, b0 = default, c0 = default, d0 = default, a1 = default, b1 = default, c1 = default, d1 = default;
            for (int* end = q + (headWidth / 2); q < end; q++, keys += Group * 2)
            {
                Vector256<short> low = Widen(keys), high = Widen(keys + Group);
                Add(low, high, *q, ref a0, ref a1);
                Add(shared ? low : Widen(keys + second), shared ? high : Widen(keys + second + Group), q[step], ref b0, ref b1);
                Add(shared ? low : Widen(keys + third), shared ? high : Widen(keys + third + Group), q[2 * step], ref c0, ref c1);
                Add(shared ? low : Widen(keys + fourth), shared ? high : Widen(keys + fourth + Group), q[3 * step], ref d0, ref d1);
            }
            Finish(tile, 0, a0, a1, first);
            Finish(tile, 1, b0, b1, first);
            Finish(tile, 2, c0, c1, first);
            Finish(tile, 3, d0, d1, first);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void One(in QueryTile tile, int headWidth)
    {
        sbyte* keys = (sbyte*)tile.Page.Keys;
        for (int first = 0; first < tile.Keys; first += Group)
        {
            int* q = (int*)tile.Values;
            Vector256<int> a0 = default, a1 = default;
            for (int* end = q + (headWidth / 2); q < end; q++, keys += Group * 2)
                Add(Widen(keys), Widen(keys + Group), *q, ref a0, ref a1);
            Finish(tile, 0, a0, a1, first);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<short> Widen(sbyte* keys) => Avx2.ConvertToVector256Int16(keys);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(Vector256<short> low, Vector256<short> high, int pair, ref Vector256<int> sumLow, ref Vector256<int> sumHigh)
    {
        Vector256<short> query = Vector256.Create(pair).AsInt16();
        sumLow += Avx2.MultiplyAddAdjacent(low, query);
        sumHigh += Avx2.MultiplyAddAdjacent(high, query);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Finish(in QueryTile tile, int query, Vector256<int> low, Vector256<int> high, int first)
    {
        float* keyScales = tile.Of(query, tile.Page.KeyScales + first);
        float* scores = tile.ScoresOf(query) + first;
        Vector256<float> scale = Vector256.Create(tile.Scales[query]);
        (Avx.ConvertToVector256Single(low) * Vector256.Load(keyScales) * scale).Store(scores);
        (Avx.ConvertToVector256Single(high) * Vector256.Load(keyScales + 8) * scale).Store(scores + 8);
    }
}
