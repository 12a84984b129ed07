using Harness.Kernels.Cpu;
using Harness.Kernels.Linear;
using Kernels.Tests.Cpu;

namespace Kernels.Tests.Linear;

/// <summary>f32: blocks of 64 inputs, a chain of fused multiply-adds within each, and their sums added in ascending order.</summary>
public sealed unsafe class LinearF32OrderTests
{
    /// <summary>Three blocks and a short one.</summary>
    const int Inputs = 200;
    const int Outputs = 8;

    [Test]
    public void Chains_of_64_inputs_are_added_in_ascending_order()
    {
        float[] x = LinearReference.Random(Inputs, 1), w = LinearReference.Random(Outputs * Inputs, 2);
        SummingOrder.IsTheOnlyOne(
            Each(x, w, Right),
            InstructionSets.Supported.Select(set => ($"{set}", Multiply(x, w, set))),
            [
                ("one chain without blocks", Each(x, w, (x, w) => InBlocks(x, w, Inputs, Chain))),
                ("blocks of 32", Each(x, w, (x, w) => InBlocks(x, w, 32, Chain))),
                ("blocks of 128", Each(x, w, (x, w) => InBlocks(x, w, 128, Chain))),
                ("products rounded before they are added", Each(x, w, (x, w) => InBlocks(x, w, 64, RoundedChain))),
                ("inputs from the last to the first", Each(x, w, (x, w) => InBlocks(x, w, 64, DescendingChain))),
                ("eight lanes in a block", Each(x, w, (x, w) => InBlocks(x, w, 64, Lanes))),
                ("blocks from the last to the first", Each(x, w, DescendingBlocks)),
                ("block sums in pairs", Each(x, w, PairsOfBlocks)),
            ]);
    }

    static float Right(float[] x, float[] w)
    {
        float total = 0;
        for (int block = 0; block < Inputs; block += 64)
        {
            float sum = 0;
            for (int k = block; k < Math.Min(block + 64, Inputs); k++)
                sum = MathF.FusedMultiplyAdd(x[k], w[k], sum);
            total += sum;
        }
        return total;
    }

    static float InBlocks(float[] x, float[] w, int size, Func<float[], float[], float> sum) => Sums(x, w, size, sum).Aggregate(0f, Add);

    static float DescendingBlocks(float[] x, float[] w) => Sums(x, w, 64, Chain).Reverse().Aggregate(0f, Add);

    static float PairsOfBlocks(float[] x, float[] w) => SummingOrder.NeighbourTree([.. Sums(x, w, 64, Chain)]);

    static IEnumerable<float> Sums(float[] x, float[] w, int size, Func<float[], float[], float> sum) =>
        x.Chunk(size).Zip(w.Chunk(size), sum);

    static float Add(float a, float b) => a + b;

    static float Chain(float[] x, float[] w) => x.Zip(w).Aggregate(0f, (sum, pair) => MathF.FusedMultiplyAdd(pair.First, pair.Second, sum));

    static float RoundedChain(float[] x, float[] w) => x.Zip(w, (a, b) => a * b).Aggregate(0f, Add);

    static float DescendingChain(float[] x, float[] w) => Chain([.. x.Reverse()], [.. w.Reverse()]);

    static float Lanes(float[] x, float[] w)
    {
        var lanes = new float[8];
        for (int i = 0; i < x.Length; i++)
            lanes[i % 8] = MathF.FusedMultiplyAdd(x[i], w[i], lanes[i % 8]);
        return SummingOrder.Tree(lanes);
    }

    static float[] Each(float[] x, float[] w, Func<float[], float[], float> dot) => [.. w.Chunk(Inputs).Select(row => dot(x, row))];

    static float[] Multiply(float[] x, float[] w, InstructionSet set)
    {
        using F32Matrix matrix = F32Matrix.Pack(Outputs, Inputs, LinearReference.Reader(w, Inputs), set);
        var y = new float[Outputs];
        fixed (float* px = x, py = y)
            LinearF32.Run(px, Inputs, 0, 1, matrix, 0, Outputs, py, Outputs);
        return y;
    }
}
