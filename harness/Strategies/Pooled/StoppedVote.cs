using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
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

    /// <summary>One count of a problem serves all multipliers; by seed.</summary>
    readonly ConditionalWeakTable<ProblemSamples, ConcurrentDictionary<ulong, StoppedVotes>> counts = [];

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

    public StrategyEstimate Estimate(ProblemSamples problem, int multiplier, ulong seed)
    {
        StoppedVotes votes = counts.GetOrCreateValue(problem).GetOrAdd(seed, seed => new StoppedVotes(
            problem.TallyAnswers(), [.. problem.Samples.Select(sample => sample.Tokens ?? double.NaN)], stop, seed, problem.Problem,
            orders));
        return new StrategyEstimate(
            votes.Accuracy(multiplier), ScoredEstimators.OfShares(multiplier, () => votes.Shares(multiplier)))
        {
            Drawn = new DrawnSamples(votes.Chances(multiplier), votes.CriticalTokens(multiplier)),
        };
    }
}
