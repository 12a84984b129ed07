using System.Runtime.Intrinsics;
using Harness.Kernels.ExactMath;
using Harness.Kernels.Sampling;

namespace Harness.Kernels.Training;

/// <summary>
/// The loss of a prediction, minus the natural logarithm of the label's probability at temperature 1 over the whole vocabulary, and its
/// gradient: probability - 1 for the label, probability for every other token.
/// </summary>
static unsafe class CrossEntropy
{
    /// <summary>Gives the label's log-probability, as generation records it, and replaces the logits by their gradients.</summary>
    /// <param name="logits">[vocabulary].</param>
    /// <param name="vocabulary">Number of logits.</param>
    /// <param name="label">The token that follows.</param>
    /// <param name="factor">What the gradient is multiplied by: the token's share of the loss.</param>
    /// <param name="sampler">The worker's own.</param>
    public static float Run(float* logits, int vocabulary, int label, float factor, Sampler sampler)
    {
        float logProbability = sampler.LogProbability(logits, label, out float max, out double sum);
        float inverse = 1f / (float)sum;
        Vector256<float> shift = Vector256.Create(max), scale = Vector256.Create(inverse), weight = Vector256.Create(factor);
        float target = factor * ((ExactSingle.Exp(logits[label] - max) * inverse) - 1f);
        int i = 0;
        for (; i + 8 <= vocabulary; i += 8)
            (weight * (ExactSingle.Exp(Vector256.Load(logits + i) - shift) * scale)).Store(logits + i);
        for (; i < vocabulary; i++)
            logits[i] = factor * (ExactSingle.Exp(logits[i] - max) * inverse);
        logits[label] = target;
        return logProbability;
    }
}
