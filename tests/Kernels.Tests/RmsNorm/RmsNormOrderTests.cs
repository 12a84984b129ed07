using Harness.Kernels.RmsNorm;
using Kernels.Tests.Cpu;
using Kernels.Tests.Linear;

namespace Kernels.Tests.RmsNorm;

/// <summary>The mean of the squares, epsilon, root and reciprocal in this order; x times the reciprocal, then times the weight.</summary>
public sealed unsafe class RmsNormOrderTests
{
    const int Count = 100, Rows = 8;

    /// <summary>Large enough to be seen beside the mean.</summary>
    const float Epsilon = 0.0125f;

    [Test]
    public void X_times_the_roots_reciprocal_comes_before_the_weight()
    {
        float[][] rows = [.. LinearReference.Random(Rows * Count, 5).Chunk(Count)];
        float[] weight = LinearReference.Random(Count, 6);
        float[] By(Func<float, float, float, float> norm) => [.. rows.SelectMany(x => x.Zip(weight, (value, w) => norm(value, w, Sum(x))))];
        SummingOrder.IsTheOnlyOne(
            By((x, w, sum) => x * (1 / MathF.Sqrt((sum / Count) + Epsilon)) * w),
            [("the kernel", [.. rows.SelectMany(x => Run(x, weight))])],
            [
                ("the weight times the reciprocal first", By((x, w, sum) => x * (1 / MathF.Sqrt((sum / Count) + Epsilon) * w))),
                ("a division by the root", By((x, w, sum) => x / MathF.Sqrt((sum / Count) + Epsilon) * w)),
                ("a product with the count's reciprocal", By((x, w, sum) => x * (1 / MathF.Sqrt((sum * (1f / Count)) + Epsilon)) * w)),
                ("a fused epsilon", By((x, w, sum) =>
                    x * (1 / MathF.Sqrt(MathF.FusedMultiplyAdd(sum, 1f / Count, Epsilon))) * w)),
                ("epsilon after the root", By((x, w, sum) => x * (1 / (MathF.Sqrt(sum / Count) + Epsilon)) * w)),
            ]);
    }

    static float Sum(float[] x)
    {
        var lanes = new float[32];
        for (int i = 0; i < x.Length; i++)
            lanes[i % 32] = MathF.FusedMultiplyAdd(x[i], x[i], lanes[i % 32]);
        return SummingOrder.Tree(lanes);
    }

    static float[] Run(float[] x, float[] weight)
    {
        var y = new float[Count];
        fixed (float* px = x, pw = weight, py = y)
            RmsNormCpu.Run(px, pw, Epsilon, Count, py);
        return y;
    }
}
