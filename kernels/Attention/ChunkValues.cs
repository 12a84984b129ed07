using System.Runtime.Intrinsics;
using Harness.Kernels.Cpu;
using Harness.Kernels.KvCache;

namespace Harness.Kernels.Attention;

/// <summary>
/// For each query of a tile, the sum of a chunk's values weighted by its exponentials: output[d] = a chain of fused multiply-adds over
/// keys, ascending. int8: of (weight_j * valueScale_j) * value_j[d]. A key that a query of the tile does not see has weight 0,
/// which leaves the sum's bits: it began as +0, and no product of a weight above 0 and an int8 value is so small that it ends as -0.
/// </summary>
static unsafe class ChunkValues
{
    /// <param name="tile">Its scores hold the exponentials; overwritten with weight_j * valueScale_j.</param>
    public static void Int8(in QueryTile tile, int paddedWidth, InstructionSet form)
    {
        for (int q = 0; q < tile.Queries; q++)
        {
            float* weights = tile.ScoresOf(q);
            float* valueScales = tile.Of(q, tile.Page.ValueScales);
            for (int j = 0; j < tile.Keys; j += 8)
                (Vector256.Load(weights + j) * Vector256.Load(valueScales + j)).Store(weights + j);
        }
        switch (form)
        {
            case InstructionSet.Avx512:
                ChunkValuesAvx512.Run(tile, paddedWidth);
                break;
            case InstructionSet.Avx2:
            case InstructionSet.AvxVnni:
                ChunkValuesAvx2.Run(tile, paddedWidth);
                break;
            default:
                Portable(tile, paddedWidth);
                break;
        }
    }

    /// <summary>output[d] = chain over j of weight_j * value_j[d].</summary>
    public static void Single(float* weights, in HeadPage page, int paddedWidth, int count, float* output)
    {
        float* values = (float*)page.Values;
        for (int d = 0; d < paddedWidth; d += 8)
        {
            Vector256<float> sum = default;
            for (int j = 0; j < count; j++)
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(weights[j]), Vector256.Load(values + (j * paddedWidth) + d), sum);
            sum.Store(output + d);
        }
    }

    static void Portable(in QueryTile tile, int paddedWidth)
    {
        for (int q = 0; q < tile.Queries; q++)
        {
            sbyte* values = tile.Of(q, (sbyte*)tile.Page.Values);
            float* weights = tile.ScoresOf(q);
            for (int d = 0; d < paddedWidth; d++)
            {
                float sum = 0;
                for (int j = 0; j < tile.Keys; j++)
                    sum = MathF.FusedMultiplyAdd(weights[j], values[(j * paddedWidth) + d], sum);
                tile.Outputs[q][d] = sum;
            }
        }
    }
}
