using Harness.Kernels.Attention;
using Harness.Kernels.Cpu;
using Harness.Kernels.ExactMath;
using Harness.Kernels.KvCache;
using Kernels.Tests.Cpu;
using Kernels.Tests.Linear;

namespace Kernels.Tests.Attention;

/// <summary>The exponentials of a chunk are summed by 32 lanes and a tree.</summary>
public sealed unsafe class ChunkSoftmaxOrderTests
{
    const int Chunk = HeadShape.Chunk, Chunks = 24;

    [TestCase(64)]
    [TestCase(45)]
    public void Exponentials_are_summed_by_32_lanes_and_a_tree(int keys)
    {
        float[][] chunks = [.. LinearReference.Random(Chunks * Chunk, 13).Chunk(Chunk)];
        float[] By(Func<float[], float> sum) => [.. chunks.Select(scores => sum(Exponentials(scores[..keys])))];
        SummingOrder.IsTheOnlyOne(
            By(x => Lanes(x, 32, SummingOrder.Tree)),
            InstructionSets.Supported.Select(set => ($"{set}", chunks.Select(scores => Run(scores, keys, set)).ToArray())),
            [
                ("one chain", By(x => Lanes(x, 1, SummingOrder.Tree))),
                ("8 lanes", By(x => Lanes(x, 8, SummingOrder.Tree))),
                ("16 lanes", By(x => Lanes(x, 16, SummingOrder.Tree))),
                ("a tree of neighbours", By(x => Lanes(x, 32, SummingOrder.NeighbourTree))),
                ("lanes one after the other", By(x => Lanes(x, 32, lanes => lanes.Aggregate((a, b) => a + b)))),
            ]);
    }

    static float[] Exponentials(float[] scores)
    {
        float max = scores.Max();
        return [.. scores.Select(score => ExactSingle.Exp(score - max))];
    }

    static float Lanes(float[] x, int count, Func<float[], float> add)
    {
        var lanes = new float[count];
        for (int i = 0; i < x.Length; i++)
            lanes[i % count] += x[i];
        return add(lanes);
    }

    static float Run(float[] scores, int keys, InstructionSet set)
    {
        float[] copy = [.. scores];
        fixed (float* start = copy)
            return ChunkSoftmax.Run(start, keys, set).Sum;
    }
}
