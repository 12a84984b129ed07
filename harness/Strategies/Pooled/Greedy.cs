using Harness.Samples;
using Harness.Statistics;

namespace Harness.Strategies.Pooled;

/// <summary>The most likely answer, token by token: the one sample of a pool at temperature 0. More compute changes nothing.</summary>
public sealed class Greedy : IPooledStrategy
{
    public static PooledStrategyDefinition Definition { get; } = new()
    {
        Name = "greedy",
        Summary = "the most likely answer, token by token",
        NeedsGreedyDecoding = true,
        Create = _ => new Greedy(),
    };

    public int SamplesFor(int multiplier) => 1;

    public StrategyEstimate Estimate(ProblemSamples problem, int multiplier, ulong seed) => StrategyEstimate.Exact(
        problem.Samples.Count == 0 ? double.NaN : problem.Samples[0].Correct ? 1 : 0, ScoredEstimators.OneSample);
}
