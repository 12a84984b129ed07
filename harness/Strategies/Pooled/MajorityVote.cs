using Harness.Samples;
using Harness.Statistics;

namespace Harness.Strategies.Pooled;

/// <summary>The answer that most of k samples give (self-consistency, Wang et al. 2022, arXiv 2203.11171).</summary>
public sealed class MajorityVote : IPooledStrategy
{
    public static PooledStrategyDefinition Definition { get; } = new()
    {
        Name = "majority-vote",
        Summary = "the answer that most of k samples give (self-consistency)",
        VotesOnAnswers = true,
        Create = _ => new MajorityVote(),
    };

    public int SamplesFor(int multiplier) => multiplier;

    public StrategyEstimate Estimate(ProblemSamples problem, int multiplier, ulong seed) => Estimate(problem, [multiplier], seed)[0];

    public StrategyEstimate[] Estimate(ProblemSamples problem, IReadOnlyList<int> multipliers, ulong seed)
    {
        AnswerTally tally = problem.TallyAnswers();
        double[][] shares = MajorityAtK.Shares(tally, multipliers);
        return
        [
            .. multipliers.Zip(shares, (k, ofAnswers) => StrategyEstimate.Exact(
                MajorityAtK.Estimate(tally, k, ofAnswers), ScoredEstimators.OfShares(k, () => ofAnswers))),
        ];
    }
}
