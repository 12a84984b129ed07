using Harness.Samples;
using Harness.Statistics;

namespace Harness.Strategies.Pooled;

/// <summary>k samples and an exact checker that finds a right one among them: pass@k (Chen et al. 2021, arXiv 2107.03374).</summary>
public sealed class Coverage : IPooledStrategy
{
    public static PooledStrategyDefinition Definition { get; } = new()
    {
        Name = "coverage",
        Summary = "a right sample among k, found by the task's exact checker (pass@k)",
        ReadsChecker = true,
        Create = _ => new Coverage(),
    };

    public int SamplesFor(int multiplier) => multiplier;

    public StrategyEstimate Estimate(ProblemSamples problem, int multiplier, ulong seed) => StrategyEstimate.Exact(
        PassAtK.Coverage(problem.Samples.Count, problem.CorrectCount, multiplier), ScoredEstimators.Coverage(multiplier));
}
