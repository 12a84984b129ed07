using Harness.Kernels.ExactMath;
using Harness.Samples;

namespace Harness.Verifiers;

/// <summary>
/// The model's own confidence: a sample's mean log-probability a token, and as a weight its exponential, the geometric mean of the tokens'
/// probabilities. Never the sum, which would favour short answers.
/// </summary>
public sealed class MeanLogprob : IVerifier
{
    public string Name => "mean-logprob";

    public string Summary => "the sample's mean log-probability a token";

    public double[] Rewards(ProblemSamples problem) => [.. problem.Samples.Select(Reward)];

    public bool NeedsLogprobs => true;

    /// <summary>At most 0; negative infinity for a sample without tokens.</summary>
    public static double Reward(PooledSample sample) => sample is not { Tokens: { } tokens, Logprob: { } sum }
        ? throw new InvalidOperationException("a sample without tokens or a log-probability is scored by them")
        : tokens == 0 ? double.NegativeInfinity : sum / tokens;

    public double Weight(double reward) => Math.Min(1, ExactDouble.Exp(reward));
}
