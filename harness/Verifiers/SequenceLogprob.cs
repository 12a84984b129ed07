using Harness.Kernels.ExactMath;
using Harness.Samples;

namespace Harness.Verifiers;

/// <summary>
/// The probability of the whole answer: the sum of its tokens' log-probabilities, and as a weight its exponential. Of answers that may be
/// written at any length it favours short ones; where all are about as long it tells more than the mean does, since one unsure token counts
/// wholly.
/// </summary>
public sealed class SequenceLogprob : IVerifier
{
    public string Name => "sequence-logprob";

    public string Summary => "the sum of the sample's log-probabilities: the answer's own probability, which favours short ones";

    public double[] Rewards(ProblemSamples problem) => [.. problem.Samples.Select(Reward)];

    public bool NeedsLogprobs => true;

    /// <summary>At most 0; negative infinity for a sample without tokens, as of the mean.</summary>
    public static double Reward(PooledSample sample) => sample is not { Tokens: { } tokens, Logprob: { } sum }
        ? throw new InvalidOperationException("a sample without tokens or a log-probability is scored by them")
        : tokens == 0 ? double.NegativeInfinity : sum;

    public double Weight(double reward) => Math.Min(1, ExactDouble.Exp(reward));
}
