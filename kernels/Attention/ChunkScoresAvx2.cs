using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Harness.Kernels.Attention;

/// <summary>AVX2 form: as the AVX-512 one, 16 keys in two registers.</summary>
static unsafe class ChunkScoresAvx2
{
    public static void Run(in QueryTile tile, in HeadPage page, int headWidth, int count)
    {
        for (int j = 0; j < count; j += HeadPage.Int8Group)
        {
            sbyte* keys = (sbyte*)page.Keys + (j * headWidth);
            if (tile.Queries == 1)
                One(tile, keys, page.KeyScales + j, headWidth, j);
            else
                Four(tile, keys, page.KeyScales + j, headWidth, j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Four(in QueryTile tile, sbyte* keys, float* keyScales, int headWidth, int first)
    {
        int* q = (int*)tile.Query(0);
        nint step = tile.Width / 2;
        Vector256<int> a0 = default, b0 = default, c0 = default, d0 = default, a1 = default, b1 = default, c1 = default, d1 = default;
        for (int* end = q + (headWidth / 2); q < end; q++, keys += HeadPage.Int8Group * 2)
        {
            Vector256<short> low = Avx2.ConvertToVector256Int16(keys), high = Avx2.ConvertToVector256Int16(keys + HeadPage.Int8Group);
            Add(low, high, *q, ref a0, ref a1);
            Add(low, high, q[step], ref b0, ref b1);
            Add(low, high, q[2 * step], ref c0, ref c1);
            Add(low, high, q[3 * step], ref d0, ref d1);
        }
        Finish(a0, a1, keyScales, tile.Scales[0], tile.Scores(0) + first);
        Finish(b0, b1, keyScales, tile.Scales[1], tile.Scores(1) + first);
        Finish(c0, c1, keyScales, tile.Scales[2], tile.Scores(2) + first);
        Finish(d0, d1, keyScales, tile.Scales[3], tile.Scores(3) + first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One(in QueryTile tile, sbyte* keys, float* keyScales, int headWidth, int first)
    {
        int* q = (int*)tile.Query(0);
        Vector256<int> a0 = default, a1 = default;
        for (int* end = q + (headWidth / 2); q < end; q++, keys += HeadPage.Int8Group * 2)
            Add(Avx2.ConvertToVector256Int16(keys), Avx2.ConvertToVector256Int16(keys + HeadPage.Int8Group), *q, ref a0, ref a1);
        Finish(a0, a1, keyScales, tile.Scales[0], tile.Scores(0) + first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(Vector256<short> low, Vector256<short> high, int pair, ref Vector256<int> sumLow, ref Vector256<int> sumHigh)
    {
        Vector256<short> query = Vector256.Create(pair).AsInt16();
        sumLow += Avx2.MultiplyAddAdjacent(low, query);
        sumHigh += Avx2.MultiplyAddAdjacent(high, query);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Finish(Vector256<int> low, Vector256<int> high, float* keyScales, float queryScale, float* scores)
    {
        Vector256<float> scale = Vector256.Create(queryScale);
        (Avx.ConvertToVector256Single(low) * Vector256.Load(keyScales) * scale).Store(scores);
        (Avx.ConvertToVector256Single(high) * Vector256.Load(keyScales + 8) * scale).Store(scores + 8);
    }
}
