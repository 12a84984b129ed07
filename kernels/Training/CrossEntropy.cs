using System.Runtime.Intrinsics;
using Harness.Kernels.ExactMath;
using Harness.Kernels.Sampling;

namespace Harness.Kernels.Training;

/// <summary>
/// The loss of a prediction, minus the natural logarithm of the label's probability at temperature 1 over the whole vocabulary, and its
/// gradient: probability - 1 for the label, probability for every other token. Of a label that should not come, minus the logarithm of the
/// probability of all others, which are at least one unit of the sums: its gradient is the label's probability for the label, and for
/// another token minus what that takes of its probability among the others.
/// </summary>
static unsafe class CrossEntropy
{
    /// <summary>In a label: the token should not come.</summary>
    public const int Unlikely = 1 << 30;

    /// <summary>
    /// The natural log-probability of a label, or of all tokens but it where it is <see cref="Unlikely"/>; NaN where the largest logit is
    /// NaN or infinite.
    /// </summary>
    public static float LogProbability(float* logits, int label, Sampler sampler) => (label & Unlikely) == 0
        ? sampler.LogProbability(logits, label, out _, out _)
        : sampler.LogProbabilityOfOthers(logits, label & ~Unlikely, out _, out _, out _);

    /// <summary>Gives the label's log-probability, as generation records it, and replaces the logits by their gradients.</summary>
    /// <param name="logits">[vocabulary].</param>
    /// <param name="vocabulary">Number of logits.</param>
    /// <param name="label">The token that follows, or that should not, with <see cref="Unlikely"/>.</param>
    /// <param name="factor">What the gradient is multiplied by: the token's share of the loss.</param>
    /// <param name="sampler">The worker's own.</param>
    public static float Run(float* logits, int vocabulary, int label, float factor, Sampler sampler)
    {
        if ((label & Unlikely) != 0)
            return RunUnlikely(logits, vocabulary, label & ~Unlikely, factor, sampler);
        float logProbability = sampler.LogProbability(logits, label, out float max, out double sum);
        float inverse = 1f / (float)sum;
        float target = factor * ((ExactSingle.Exp(logits[label] - max) * inverse) - 1f);
        Scale(logits, vocabulary, max, inverse, factor);
        logits[label] = target;
        return logProbability;
    }

    static float RunUnlikely(float* logits, int vocabulary, int label, float factor, Sampler sampler)
    {
        float logProbability = sampler.LogProbabilityOfOthers(logits, label, out float max, out double sum, out double others);
        float inverse = 1f / (float)sum;
        float probability = ExactSingle.Exp(logits[label] - max) * inverse;
        Scale(logits, vocabulary, max, inverse, -(factor * (probability / ((float)others * inverse))));
        logits[label] = factor * probability;
        return logProbability;
    }

    /// <summary>Probabilities in place of logits, multiplied by a factor.</summary>
    static void Scale(float* logits, int vocabulary, float max, float inverse, float factor)
    {
        Vector256<float> shift = Vector256.Create(max), scale = Vector256.Create(inverse), weight = Vector256.Create(factor);
        int i = 0;
        for (; i + 8 <= vocabulary; i += 8)
            (weight * (ExactSingle.Exp(Vector256.Load(logits + i) - shift) * scale)).Store(logits + i);
        for (; i < vocabulary; i++)
            logits[i] = factor * (ExactSingle.Exp(logits[i] - max) * inverse);
    }
}
