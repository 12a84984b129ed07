using Harness.Samples;
using Harness.Statistics;

namespace Harness.Strategies.Pooled;

/// <summary>One sample, taken as it comes: the mean over all that the pool has. On a pool at temperature 0 it is greedy decoding.</summary>
public sealed class SingleSample : IPooledStrategy
{
    public static PooledStrategyDefinition Definition { get; } = new()
    {
        Name = "single",
        Summary = "one sample, taken as it comes",
        Create = _ => new SingleSample(),
    };

    public int SamplesFor(int multiplier) => 1;

    public StrategyEstimate Estimate(ProblemSamples problem, int multiplier, ulong seed) => StrategyEstimate.Exact(
        PassAtK.Coverage(problem.Samples.Count, problem.CorrectCount, 1), ScoredEstimators.OneSample);
}
