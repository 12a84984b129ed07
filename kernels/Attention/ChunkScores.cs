using System.Runtime.Intrinsics;
using Harness.Kernels.Cpu;
using Harness.Kernels.KvCache;

namespace Harness.Kernels.Attention;

/// <summary>
/// Scores of the queries of a tile against the keys of one chunk. int8: scores[j] = (float)(q . k_j) * keyScale_j * queryScale, the dot
/// product in int32, so it may be summed in any order.
/// </summary>
static unsafe class ChunkScores
{
    /// <summary>Writes the scores of the tile's keys, up to the next multiple of 16.</summary>
    public static void Int8(in QueryTile tile, int headWidth, InstructionSet form)
    {
        switch (form)
        {
            case InstructionSet.Avx512:
                ChunkScoresAvx512.Run(tile, headWidth);
                break;
            case InstructionSet.Avx2:
            case InstructionSet.AvxVnni:
                ChunkScoresAvx2.Run(tile, headWidth);
                break;
            default:
                Portable(tile, headWidth);
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

    static void Portable(in QueryTile tile, int headWidth)
    {
        for (int q = 0; q < tile.Queries; q++)
        {
            sbyte* keys = tile.Of(q, (sbyte*)tile.Page.Keys);
            float* keyScales = tile.Of(q, tile.Page.KeyScales);
            short* query = tile.Values + (q * tile.Width);
            for (int j = 0; j < tile.Keys; j++)
            {
                int sum = 0;
                for (int i = 0; i < headWidth; i++)
                    sum += query[i] * keys[HeadPage.Int8Key(j, i, headWidth)];
                tile.ScoresOf(q)[j] = sum * keyScales[j] * tile.Scales[q];
            }
        }
    }
}
