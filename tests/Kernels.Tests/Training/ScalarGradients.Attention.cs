using Harness.Kernels.ExactMath;
using Kernels.Tests.Cpu;

namespace Kernels.Tests.Training;

/// <summary>Attention: chunks of 64 keys, each with its own maximum, sum and output.</summary>
sealed partial class ScalarGradients
{
    int Group => config.Heads / config.KvHeads;

    float Scale => 1f / MathF.Sqrt(config.HeadWidth);

    void Attend(ScalarLayer[] rows)
    {
        foreach (ScalarLayer row in rows)
            (row.Mixed, row.QGradient) = (new float[config.QueryWidth], new float[config.QueryWidth]);
        foreach (ScalarLayer row in rows)
            (row.KGradient, row.VGradient) = (new float[config.KvWidth], new float[config.KvWidth]);
        for (int head = 0; head < config.Heads; head++)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                (float[] weights, float[] chunkWeights, float inverse) = Weigh(rows, head, i);
                for (int d = 0; d < config.HeadWidth; d++)
                {
                    float sum = 0;
                    for (int chunk = 0; chunk < chunkWeights.Length; chunk++)
                    {
                        int first = chunk * Block, value = ((head / Group) * config.HeadWidth) + d;
                        float output = Chain(Math.Min(Block, i + 1 - first), j => weights[first + j], j => rows[first + j].V[value]);
                        sum = MathF.FusedMultiplyAdd(chunkWeights[chunk], output, sum);
                    }
                    rows[i].Mixed[(head * config.HeadWidth) + d] = sum * inverse;
                }
            }
        }
    }

    void AttendBackward(ScalarLayer[] rows)
    {
        int width = config.HeadWidth;
        for (int head = 0; head < config.Heads; head++)
        {
            int query = head * width, key = head / Group * width;
            float[][] p = new float[rows.Length][], ds = new float[rows.Length][];
            for (int i = 0; i < rows.Length; i++)
            {
                (float[] weights, float[] chunkWeights, float inverse) = Weigh(rows, head, i);
                float[] dO = rows[i].MixedGradient[query..(query + width)];
                float dot = Lanes(dO, rows[i].Mixed[query..(query + width)]);
                p[i] = [.. weights.Select((weight, j) => weight * (chunkWeights[j / Block] * inverse))];
                ds[i] = [.. p[i].Select((share, j) => share * (Chain(width, d => dO[d], d => rows[j].V[key + d]) - dot) * Scale)];
                for (int d = 0; d < width; d++)
                    rows[i].QGradient[query + d] = Chain(i + 1, j => ds[i][j], j => rows[j].K[key + d]);
            }
            for (int j = 0; j < rows.Length; j++)
            {
                int first = j / Block * Block;
                for (int d = 0; d < width; d++)
                {
                    rows[j].KGradient[key + d] = Chain(
                        rows.Length - first,
                        i => first + i >= j ? ds[first + i][j] : 0,
                        i => rows[first + i].Q[query + d],
                        rows[j].KGradient[key + d]);
                    rows[j].VGradient[key + d] = Chain(
                        rows.Length - first,
                        i => first + i >= j ? p[first + i][j] : 0,
                        i => rows[first + i].MixedGradient[query + d],
                        rows[j].VGradient[key + d]);
                }
            }
        }
    }

    /// <summary>Exponentials of a row's keys, the weight of each chunk, and 1 / the sum of all.</summary>
    (float[] Weights, float[] ChunkWeights, float Inverse) Weigh(ScalarLayer[] rows, int head, int i)
    {
        int width = config.HeadWidth, query = head * width, key = head / Group * width;
        float[] scores =
            [.. Enumerable.Range(0, i + 1).Select(j => Chain(width, d => rows[i].Q[query + d], d => rows[j].K[key + d]) * Scale)];
        float[][] chunks = [.. scores.Chunk(Block)];
        float[] maxima = [.. chunks.Select(chunk => chunk.Max())];
        float[][] exponentials = [.. chunks.Select((chunk, c) => chunk.Select(score => ExactSingle.Exp(score - maxima[c])).ToArray())];
        float[] chunkWeights = [.. maxima.Select(max => ExactSingle.Exp(max - maxima.Max()))];
        float total = 0;
        for (int chunk = 0; chunk < chunks.Length; chunk++)
        {
            float[] lanes = new float[32];
            for (int j = 0; j < exponentials[chunk].Length; j++)
                lanes[j % 32] += exponentials[chunk][j];
            total = MathF.FusedMultiplyAdd(chunkWeights[chunk], SummingOrder.Tree(lanes), total);
        }
        return ([.. exponentials.SelectMany(chunk => chunk)], chunkWeights, 1f / total);
    }
}
