using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Harness.Kernels.Attention;

/// <summary>AVX-512 form: 16 keys by four queries or one, vpmaddwd of two dimensions.</summary>
static unsafe class ChunkScoresAvx512
{
    public static void Run(in QueryTile tile, in HeadPage page, int headWidth, int count)
    {
        for (int j = 0; j < count; j += HeadPage.Int8Group)
        {
            sbyte* keys = (sbyte*)page.Keys + (j * headWidth);
            Vector512<float> keyScales = Vector512.Load(page.KeyScales + j);
            if (tile.Queries == 1)
                One(tile, keys, keyScales, headWidth, j);
            else
                Four(tile, keys, keyScales, headWidth, j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Four(in QueryTile tile, sbyte* keys, Vector512<float> keyScales, int headWidth, int first)
    {
        int* q = (int*)tile.Query(0);
        nint step = tile.Width / 2;
        Vector512<int> a = default, b = default, c = default, d = default;
        for (int* end = q + (headWidth / 2); q < end; q++, keys += HeadPage.Int8Group * 2)
        {
            Vector512<short> pair = Avx512BW.ConvertToVector512Int16(Vector256.Load(keys));
            a += Avx512BW.MultiplyAddAdjacent(pair, Vector512.Create(*q).AsInt16());
            b += Avx512BW.MultiplyAddAdjacent(pair, Vector512.Create(q[step]).AsInt16());
            c += Avx512BW.MultiplyAddAdjacent(pair, Vector512.Create(q[2 * step]).AsInt16());
            d += Avx512BW.MultiplyAddAdjacent(pair, Vector512.Create(q[3 * step]).AsInt16());
        }
        Finish(a, keyScales, tile.Scales[0], tile.Scores(0) + first);
        Finish(b, keyScales, tile.Scales[1], tile.Scores(1) + first);
        Finish(c, keyScales, tile.Scales[2], tile.Scores(2) + first);
        Finish(d, keyScales, tile.Scales[3], tile.Scores(3) + first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One(in QueryTile tile, sbyte* keys, Vector512<float> keyScales, int headWidth, int first)
    {
        int* q = (int*)tile.Query(0);
        Vector512<int> a = default;
        for (int* end = q + (headWidth / 2); q < end; q++, keys += HeadPage.Int8Group * 2)
            a += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(keys)), Vector512.Create(*q).AsInt16());
        Finish(a, keyScales, tile.Scales[0], tile.Scores(0) + first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Finish(Vector512<int> sums, Vector512<float> keyScales, float queryScale, float* scores) =>
        (Avx512F.ConvertToVector512Single(sums) * keyScales * Vector512.Create(queryScale)).Store(scores);
}
