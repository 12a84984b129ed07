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

    /// <summary>At most 0; negative infinity for a sample without tokens.</summary>
    public double Reward(PooledSample sample) => sample.Tokens == 0 ? double.NegativeInfinity : sample.Logprob / sample.Tokens;

    public double Weight(PooledSample sample) => Math.Min(1, ExactDouble.Exp(Reward(sample)));
}
