using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Harness.Kernels.KvCache;

namespace Harness.Kernels.Attention;

/// <summary>AVX-512 form: 16 keys by four queries or one, vpmaddwd of two dimensions.</summary>
static unsafe class ChunkScoresAvx512
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
            Vector512<int> a = default, b = default, c = default, d = default;
            for (int* end = q + (headWidth / 2); q < end; q++, keys += Group * 2)
            {
                Vector512<short> pair = Widen(keys);
                a += Avx512BW.MultiplyAddAdjacent(pair, Vector512.Create(*q).AsInt16());
                b += Avx512BW.MultiplyAddAdjacent(shared ? pair : Widen(keys + second), Vector512.Create(q[step]).AsInt16());
                c += Avx512BW.MultiplyAddAdjacent(shared ? pair : Widen(keys + third), Vector512.Create(q[2 * step]).AsInt16());
                d += Avx512BW.MultiplyAddAdjacent(shared ? pair : Widen(keys + fourth), Vector512.Create(q[3 * step]).AsInt16());
            }
            Finish(tile, 0, a, first);
            Finish(tile, 1, b, first);
            Finish(tile, 2, c, first);
            Finish(tile, 3, d, first);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void One(in QueryTile tile, int headWidth)
    {
        sbyte* keys = (sbyte*)tile.Page.Keys;
        for (int first = 0; first < tile.Keys; first += Group)
        {
            int* q = (int*)tile.Values;
            Vector512<int> a = default;
            for (int* end = q + (headWidth / 2); q < end; q++, keys += Group * 2)
                a += Avx512BW.MultiplyAddAdjacent(Widen(keys), Vector512.Create(*q).AsInt16());
            Finish(tile, 0, a, first);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<short> Widen(sbyte* keys) => Avx512BW.ConvertToVector512Int16(Vector256.Load(keys));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Finish(in QueryTile tile, int query, Vector512<int> sums, int first)
    {
        Vector512<float> keyScales = Vector512.Load(tile.Of(query, tile.Page.KeyScales + first));
        (Avx512F.ConvertToVector512Single(sums) * keyScales * Vector512.Create(tile.Scales[query])).Store(tile.ScoresOf(query) + first);
    }
}
