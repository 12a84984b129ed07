using System.Runtime.Intrinsics;
using Harness.Kernels.Cpu;

namespace Harness.Kernels.Attention;

/// <summary>
/// Scores of the queries of a tile against the keys of one chunk. int8: scores[j] = (float)(q . k_j) * keyScale_j * queryScale, the dot
/// product in int32, so it may be summed in any order.
/// </summary>
static unsafe class ChunkScores
{
    /// <param name="keys">Keys that some query of the tile sees; scores up to the next multiple of 16 are written.</param>
    public static void Int8(in QueryTile tile, in HeadPage page, int headWidth, int keys, InstructionSet form)
    {
        switch (form)
        {
            case InstructionSet.Avx512:
                ChunkScoresAvx512.Run(tile, page, headWidth, keys);
                break;
            case InstructionSet.Avx2:
            case InstructionSet.AvxVnni:
                ChunkScoresAvx2.Run(tile, page, headWidth, keys);
                break;
            default:
                Portable(tile, page, headWidth, keys);
                break;
        }
    }

    /// <summary>scores[j] = (q . k_j) * scale, a fused multiply-add chain over the head's dimensions in blocks of 64.</summary>
    public static void Single(float* query, float scale, in HeadPage page, int headWidth, int count, float* scores)
    {
        float* keys = (float*)page.Keys;
        for (int j = 0; j < count; j += 8)
        {
            float* group = keys + HeadPage.SingleKey(j, 0, headWidth);
            Vector256<float> total = default;
            for (int block = 0; block < headWidth; block += 64)
            {
                Vector256<float> sum = default;
                int end = Math.Min(block + 64, headWidth);
                for (int i = block; i < end; i++)
                    sum = Vector256.FusedMultiplyAdd(Vector256.Create(query[i]), Vector256.Load(group + (i * HeadPage.SingleGroup)), sum);
                total += sum;
            }
            (total * Vector256.Create(scale)).Store(scores + j);
        }
    }

    static void Portable(in QueryTile tile, in HeadPage page, int headWidth, int count)
    {
        sbyte* keys = (sbyte*)page.Keys;
        for (int q = 0; q < tile.Queries; q++)
        {
            short* query = tile.Query(q);
            for (int j = 0; j < count; j++)
            {
                int sum = 0;
                for (int i = 0; i < headWidth; i++)
                    sum += query[i] * keys[HeadPage.Int8Key(j, i, headWidth)];
                tile.Scores(q)[j] = sum * page.KeyScales[j] * tile.Scales[q];
            }
        }
    }
}
