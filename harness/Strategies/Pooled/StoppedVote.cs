using Harness.Samples;
using Harness.Statistics;
using Harness.Statistics.Stopping;

namespace Harness.Strategies.Pooled;

/// <summary>
/// A majority vote that draws samples until a rule stops it, k at most. The multiplier is that cap; what rows say of tokens and operations
/// is what was drawn, in expectation over the orders of the samples.
/// </summary>
public abstract class StoppedVote(IVoteStop stop, int orders) : IPooledStrategy
{
    const string Orders = "Orders";

    protected static OptionDefinition OrdersOption { get; } = new()
    {
        Name = Orders,
        Summary = "Random orders of a problem's samples behind an estimate; with at most two answers all orders are counted.",
        Default = StoppedVotes.DefaultOrders,
        Low = 2000,
        High = 1_000_000,
    };

    protected static int OrdersOf(StrategySettings settings) => settings.Options[Orders];

    public int SamplesFor(int multiplier) => multiplier;

    public StrategyEstimate Estimate(ProblemSamples problem, int multiplier, ulong seed) => Estimate(problem, [multiplier], seed)[0];

    public StrategyEstimate[] Estimate(ProblemSamples problem, IReadOnlyList<int> multipliers, ulong seed)
    {
        StoppedVotes votes = new(
            problem.TallyAnswers(), [.. problem.Samples.Select(sample => sample.Tokens ?? double.NaN)], stop, multipliers, seed,
            problem.Problem, orders);
        return [.. multipliers.Select(Of)];

        StrategyEstimate Of(int multiplier)
        {
            double[] shares = votes.Shares(multiplier);
            return new StrategyEstimate(votes.Accuracy(multiplier), ScoredEstimators.OfShares(multiplier, () => shares))
            {
                Drawn = new DrawnSamples(votes.Chances(multiplier), votes.CriticalTokens(multiplier)),
            };
        }
    }
}
