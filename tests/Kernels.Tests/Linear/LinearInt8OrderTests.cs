using Harness.Kernels.Cpu;
using Harness.Kernels.Linear;
using Kernels.Tests.Cpu;

namespace Kernels.Tests.Linear;

/// <summary>
/// w8a8: an int32 sum in each block of 64 inputs, which no order changes; one chain of fused multiply-adds over the blocks' sums and
/// scales, ascending; then the scale of the output's row.
/// </summary>
public sealed class LinearInt8OrderTests
{
    /// <summary>Three blocks and a short one.</summary>
    const int Inputs = 200;
    const int Outputs = 8;

    [Test]
    public void Blocks_are_one_ascending_chain_and_the_rows_scale_comes_last()
    {
        float[] x = Activations(), w = LinearReference.Random(Outputs * Inputs, 4);
        SummingOrder.IsTheOnlyOne(
            Each(x, w, 64, Divide, Right),
            LinearInt8Tests.Variants.Select(set => ($"{set}", Multiply(x, w, set))),
            [
                ("blocks from the last to the first", Each(x, w, 64, Divide, (blocks, scale) => Right([.. blocks.Reverse()], scale))),
                ("products rounded before they are added", Each(x, w, 64, Divide, RoundedChain)),
                ("the row's scale in every block", Each(x, w, 64, Divide, ScaledBlocks)),
                ("the row's scale first", Each(x, w, 64, Divide, ScaleFirst)),
                ("block sums in pairs", Each(x, w, 64, Divide, Pairs)),
                ("one scale for all activations", Each(x, w, Inputs, Divide, Right)),
                ("a scale for 32 activations", Each(x, w, 32, Divide, Right)),
                ("activations times the scale's reciprocal", Each(x, w, 64, TimesReciprocal, Right)),
                ("halves rounded away from zero", Each(x, w, 64, RoundAway, Right)),
            ]);
    }

    /// <summary>
    /// The first block's scale is 7, and 437.5 is 62.5 of it: just between two integers, which a product with the reciprocal misses.
    /// </summary>
    static float[] Activations()
    {
        float[] x = LinearReference.Random(Inputs, 3);
        (x[0], x[1]) = (889, 437.5f);
        return x;
    }

    static float Right(Block[] blocks, float rowScale)
    {
        float chain = 0;
        foreach (Block block in blocks)
            chain = MathF.FusedMultiplyAdd(block.Sum, block.Scale, chain);
        return chain * rowScale;
    }

    static float RoundedChain(Block[] blocks, float rowScale) =>
        blocks.Aggregate(0f, (sum, block) => sum + (block.Sum * block.Scale)) * rowScale;

    static float ScaledBlocks(Block[] blocks, float rowScale) =>
        blocks.Aggregate(0f, (sum, block) => sum + (block.Sum * block.Scale * rowScale));

    static float ScaleFirst(Block[] blocks, float rowScale) =>
        blocks.Aggregate(0f, (sum, block) => MathF.FusedMultiplyAdd(block.Sum, block.Scale * rowScale, sum));

    static float Pairs(Block[] blocks, float rowScale) =>
        SummingOrder.NeighbourTree([.. blocks.Select(block => block.Sum * block.Scale)]) * rowScale;

    static float Divide(float x, float scale) => MathF.Round(x / scale, MidpointRounding.ToEven);

    static float TimesReciprocal(float x, float scale) => MathF.Round(x * (1 / scale), MidpointRounding.ToEven);

    static float RoundAway(float x, float scale) => MathF.Round(x / scale, MidpointRounding.AwayFromZero);

    static float[] Each(float[] x, float[] w, int size, Func<float, float, float> round, Func<Block[], float, float> combine) =>
        [.. w.Chunk(Inputs).Select(row =>
        {
            (int[] weights, float rowScale) = LinearReference.Quantize(row);
            Block[] blocks = [.. x.Chunk(size).Zip(weights.Chunk(size), (run, some) =>
            {
                float scale = run.Max(MathF.Abs) / 127f;
                return new Block(run.Zip(some, (value, weight) => (int)round(value, scale) * weight).Sum(), scale);
            })];
            return combine(blocks, rowScale);
        })];

    static float[] Multiply(float[] x, float[] w, InstructionSet set)
    {
        using Int8Matrix matrix = Int8Matrix.Quantize(Outputs, Inputs, LinearReference.Reader(w, Inputs), set);
        return LinearInt8Tests.Multiply(x, 1, matrix);
    }

    /// <summary>A block's exact sum, and its activations' scale.</summary>
    readonly record struct Block(int Sum, float Scale);
}
