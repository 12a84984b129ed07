using Harness.Kernels.ExactMath;
using Harness.Samples;
using Harness.Verifiers;

namespace Harness.Benchmarks.Estimates;

/// <summary>The probability of the whole sample: weights that spread over many powers of ten.</summary>
sealed class SequenceProbability : IVerifier
{
    public string Name => "sequence-probability";

    public string Summary => "the probability of the whole sample";

    public bool NeedsLogprobs => true;

    public double[] Rewards(ProblemSamples problem) => [.. problem.Samples.Select(sample => sample.Logprob ?? 0)];

    public double Weight(double reward) => Math.Min(1, ExactDouble.Exp(reward));
}
