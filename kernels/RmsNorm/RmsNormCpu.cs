using System.Runtime.Intrinsics;
using Harness.Kernels.Cpu;

namespace Harness.Kernels.RmsNorm;

/// <summary>
/// Root-mean-square normalisation (Zhang and Sennrich 2019, arXiv 1910.07467): y = x / sqrt(mean(x^2) + epsilon) * weight, the sum of
/// squares by <see cref="LaneReduction"/>.
/// </summary>
public static unsafe class RmsNormCpu
{
    /// <param name="x">[count].</param>
    /// <param name="weight">[count].</param>
    /// <param name="y">[count], may be <paramref name="x"/>.</param>
    public static void Run(float* x, float* weight, float epsilon, int count, float* y)
    {
        float inverse = Inverse(x, epsilon, count);
        Vector256<float> scale = Vector256.Create(inverse);
        int i = 0;
        for (; i + 8 <= count; i += 8)
            (Vector256.Load(x + i) * scale * Vector256.Load(weight + i)).Store(y + i);
        for (; i < count; i++)
            y[i] = x[i] * inverse * weight[i];
    }

    /// <summary>1 / sqrt(mean(x^2) + epsilon).</summary>
    internal static float Inverse(float* x, float epsilon, int count) =>
        1f / MathF.Sqrt((LaneReduction.SumOfSquares(x, count) / count) + epsilon);

    /// <summary>
    /// Adds <paramref name="delta"/> to the residual stream <paramref name="x"/>, then normalises it into <paramref name="y"/>.
    /// </summary>
    public static void AddAndRun(float* x, float* delta, float* weight, float epsilon, int count, float* y)
    {
        int i = 0;
        for (; i + 8 <= count; i += 8)
            (Vector256.Load(x + i) + Vector256.Load(delta + i)).Store(x + i);
        for (; i < count; i++)
            x[i] += delta[i];
        Run(x, weight, epsilon, count, y);
    }
}
