using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;

namespace Harness.Kernels.Routing;

/// <summary>
/// Gradients of <see cref="RouterCpu"/>. With q the factors (0 for an expert that does not count), p the softmax over all experts, dq and
/// dp their gradients: dlogit = q (dq - sum of q dq) + p (dp - sum of p dp), sums by <see cref="LaneReduction"/>, the last product and sum
/// fused.
/// </summary>
public static unsafe class RouterBackward
{
    /// <summary>One row.</summary>
    /// <param name="logits">[count]: overwritten with their gradients.</param>
    /// <param name="shape">Of the experts.</param>
    /// <param name="experts">[active]: the row's.</param>
    /// <param name="factorGradients">[active]: of each.</param>
    /// <param name="probabilityGradients">[count]: of the softmax over all experts.</param>
    /// <param name="probabilities">[count]: receives the softmax over all experts.</param>
    public static void Run(
        float* logits, ExpertShape shape, int* experts, ReadOnlySpan<float> factorGradients, float* probabilityGradients,
        Span<float> probabilities)
    {
        int count = shape.Count;
        float* weights = stackalloc float[count], q = stackalloc float[count], dq = stackalloc float[count];
        RouterCpu.Weigh(logits, count, weights);
        new Span<float>(q, count).Clear();
        new Span<float>(dq, count).Clear();
        for (int i = 0; i < shape.Active; i++)
        {
            q[experts[i]] = weights[experts[i]];
            dq[experts[i]] = factorGradients[i];
        }
        float all = LaneReduction.Sum(new ReadOnlySpan<float>(weights, count));
        float counted = LaneReduction.Sum(new ReadOnlySpan<float>(q, count));
        for (int expert = 0; expert < count; expert++)
        {
            probabilities[expert] = weights[expert] / all;
            q[expert] = shape.Normalised ? q[expert] / counted : probabilities[expert];
        }
        fixed (float* p = probabilities)
        {
            float dot = LaneReduction.SumOfProducts(q, dq, count), mean = LaneReduction.SumOfProducts(p, probabilityGradients, count);
            for (int expert = 0; expert < count; expert++)
                logits[expert] = MathF.FusedMultiplyAdd(p[expert], probabilityGradients[expert] - mean, q[expert] * (dq[expert] - dot));
        }
    }
}
