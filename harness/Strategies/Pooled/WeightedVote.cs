using Harness.Samples;
using Harness.Statistics;
using Harness.Verifiers;

namespace Harness.Strategies.Pooled;

/// <summary>Among k samples, the answer whose samples have the largest sum of weights.</summary>
public sealed class WeightedVote(IVerifier verifier, int subsets) : IPooledStrategy
{
    const string Subsets = "Subsets";

    public static PooledStrategyDefinition Definition { get; } = new()
    {
        Name = "weighted-vote",
        Summary = "the answer whose samples among k a verifier gives the largest summed weight",
        VotesOnAnswers = true,
        ReadsVerifier = true,
        Options =
        [
            new()
            {
                Name = Subsets,
                Summary = "Random subsets of k samples that an estimate draws for each problem.",
                Default = WeightedMajority.DefaultSubsets,
                Low = 100,
                High = 1_000_000,
            },
        ],
        Create = settings => new WeightedVote(settings.RequiredVerifier, settings.Options[Subsets]),
    };

    public int SamplesFor(int multiplier) => multiplier;

    public StrategyEstimate Estimate(ProblemSamples problem, int multiplier, ulong seed) => Estimate(problem, [multiplier], seed)[0];

    public StrategyEstimate[] Estimate(ProblemSamples problem, IReadOnlyList<int> multipliers, ulong seed)
    {
        AnswerTally tally = problem.TallyAnswers();
        double[] weights = [.. verifier.Rewards(problem).Select(verifier.Weight)];
        WeightedMajority vote = new(tally, weights, multipliers, seed, problem.Problem, subsets,
            Math.Max(subsets, WeightedMajority.MostCounted));
        return [.. multipliers.Select(k => new StrategyEstimate(vote.Estimate(k), ScoredEstimators.OfShares(k, () => vote.Shares(k))))];
    }
}
