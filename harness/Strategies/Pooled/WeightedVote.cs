using Harness.Statistics;
using Harness.Verifiers;

namespace Harness.Strategies.Pooled;

/// <summary>The answer whose samples among k have the largest summed weight.</summary>
public sealed class WeightedVote(IVerifier verifier) : IStrategy
{
    public string Name => "weighted-vote";

    public bool VotesOnAnswers => true;

    public bool ReadsVerifier => true;

    public int SamplesFor(int multiplier) => multiplier;

    public double Accuracy(ProblemSamples problem, int multiplier, ulong seed) => Estimate(problem, multiplier, seed).Accuracy;

    public MonteCarloEstimate Estimate(ProblemSamples problem, int multiplier, ulong seed)
    {
        double[] weights = [.. problem.Samples.Select(verifier.Weight)];
        return WeightedMajority.Estimate(problem.TallyAnswers(), weights, multiplier, seed, problem.Problem);
    }
}
