using System.Runtime.Intrinsics;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.ExactMath;

namespace Harness.Kernels.Routing;

/// <summary>
/// Which experts a row passes, and what their outputs are weighted with: softmax over the router's logits, in float32 at every precision.
/// With w = exp(logit - the largest logit), an expert's factor is w over the sum of all w, or of those of the chosen experts alone; the
/// sum by
/// <see cref="LaneReduction"/> over the experts in their order, those that do not count being 0.
/// </summary>
public static unsafe class RouterCpu
{
    /// <summary>Routes one row.</summary>
    /// <param name="logits">[<see cref="ExpertShape.Count"/>].</param>
    /// <param name="shape">Of the experts.</param>
    /// <param name="experts">[<see cref="ExpertShape.Active"/>]: the row's experts, ascending.</param>
    /// <param name="factors">[<see cref="ExpertShape.Active"/>]: of each.</param>
    public static void Run(float* logits, ExpertShape shape, int* experts, float* factors)
    {
        Choose(logits, shape, experts);
        float* weights = stackalloc float[shape.Count];
        Weigh(logits, shape.Count, weights);
        float* counted = stackalloc float[shape.Count];
        new Span<float>(counted, shape.Count).Clear();
        for (int i = 0; i < shape.Active; i++)
            counted[experts[i]] = weights[experts[i]];
        float sum = LaneReduction.Sum(new ReadOnlySpan<float>(shape.Normalised ? counted : weights, shape.Count));
        for (int i = 0; i < shape.Active; i++)
            factors[i] = weights[experts[i]] / sum;
    }

    /// <summary>A shared expert's factor, 1 / (1 + e^-gate), from e^-|gate| so that nothing overflows.</summary>
    public static float SharedFactor(float gate)
    {
        float e = ExactSingle.Exp(-MathF.Abs(gate));
        return (gate >= 0 ? 1f : e) / (1f + e);
    }

    /// <summary>w = exp(logit - the largest).</summary>
    /// <param name="logits">[count].</param>
    /// <param name="count">Experts.</param>
    /// <param name="weights">[count]: the result.</param>
    internal static void Weigh(float* logits, int count, float* weights)
    {
        float max = logits[0];
        for (int expert = 1; expert < count; expert++)
            max = logits[expert] > max ? logits[expert] : max;
        int i = 0;
        for (; i + 8 <= count; i += 8)
            ExactSingle.Exp(Vector256.Load(logits + i) - Vector256.Create(max)).Store(weights + i);
        for (; i < count; i++)
            weights[i] = ExactSingle.Exp(logits[i] - max);
    }

    /// <summary>What is not a number is above all numbers, so that it is passed on.</summary>
    static bool IsAbove(float logit, float other) => logit > other || (float.IsNaN(logit) && !float.IsNaN(other));

    /// <summary>The experts of the largest logits, a tie to the lower one, in ascending order.</summary>
    static void Choose(float* logits, ExpertShape shape, int* experts)
    {
        bool* chosen = stackalloc bool[shape.Count];
        new Span<bool>(chosen, shape.Count).Clear();
        for (int i = 0; i < shape.Active; i++)
        {
            int best = new ReadOnlySpan<bool>(chosen, shape.Count).IndexOf(false);
            for (int expert = best + 1; expert < shape.Count; expert++)
            {
                if (!chosen[expert] && IsAbove(logits[expert], logits[best]))
                    best = expert;
            }
            chosen[best] = true;
        }
        int next = 0;
        for (int expert = 0; expert < shape.Count; expert++)
        {
            if (chosen[expert])
                experts[next++] = expert;
        }
    }
}
