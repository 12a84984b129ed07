using Harness.Kernels.Cpu;
using Kernels.Tests.Linear;

namespace Kernels.Tests.Cpu;

/// <summary>Element i in lane i mod 32, each lane a chain of fused multiply-adds, then a tree that adds lanes i and i + 16 first.</summary>
public sealed unsafe class LaneReductionTests
{
    /// <summary>Three rounds of the lanes, and some of a fourth.</summary>
    const int Count = 100;
    const int Rows = 24;

    [Test]
    public void Squares_are_summed_by_32_lanes_and_a_tree()
    {
        // All of about one size: where few are large, the others' order hardly shows.
        float[][] rows = [.. LinearReference.Random(Rows * Count, 5).Select(x => 1 + (x / 4)).Chunk(Count)];
        float[] By(Func<float[], float> sum) => [.. rows.Select(sum)];
        SummingOrder.IsTheOnlyOne(
            By(x => Lanes(x, 32, SummingOrder.Tree)),
            [("the kernel", By(Run))],
            [
                ("one chain", By(x => Lanes(x, 1, SummingOrder.Tree))),
                ("8 lanes", By(x => Lanes(x, 8, SummingOrder.Tree))),
                ("16 lanes", By(x => Lanes(x, 16, SummingOrder.Tree))),
                ("64 lanes", By(x => Lanes(x, 64, SummingOrder.Tree))),
                ("a tree of neighbours", By(x => Lanes(x, 32, SummingOrder.NeighbourTree))),
                ("lanes one after the other", By(x => Lanes(x, 32, lanes => lanes.Aggregate((a, b) => a + b)))),
                ("squares rounded before they are added", By(RoundedSquares)),
            ]);
    }

    [Test]
    public void Products_are_summed_as_squares_are_and_values_by_the_same_tree()
    {
        foreach (int count in new[] { 1, 31, 32, 33, Count })
        {
            float[] x = LinearReference.Random(count, 6), y = LinearReference.Random(count, 7);
            float[] lanes = new float[32], sums = new float[32];
            for (int i = 0; i < count; i++)
            {
                lanes[i % 32] = MathF.FusedMultiplyAdd(x[i], y[i], lanes[i % 32]);
                sums[i % 32] += x[i];
            }
            fixed (float* left = x, right = y)
            {
                Assert.That(LaneReduction.SumOfProducts(left, left, count), Is.EqualTo(LaneReduction.SumOfSquares(left, count)));
                Assert.That(LaneReduction.SumOfProducts(left, right, count), Is.EqualTo(SummingOrder.Tree(lanes)));
            }
            Assert.That(LaneReduction.Sum(x), Is.EqualTo(SummingOrder.Tree(sums)));
        }
    }

    static float Run(float[] x)
    {
        fixed (float* start = x)
            return LaneReduction.SumOfSquares(start, x.Length);
    }

    static float Lanes(float[] x, int count, Func<float[], float> add)
    {
        var lanes = new float[count];
        for (int i = 0; i < x.Length; i++)
            lanes[i % count] = MathF.FusedMultiplyAdd(x[i], x[i], lanes[i % count]);
        return add(lanes);
    }

    static float RoundedSquares(float[] x)
    {
        var lanes = new float[32];
        for (int i = 0; i < x.Length; i++)
            lanes[i % 32] += x[i] * x[i];
        return SummingOrder.Tree(lanes);
    }
}
