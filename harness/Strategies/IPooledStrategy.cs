using Harness.Samples;

namespace Harness.Strategies;

/// <summary>
/// A way to spend k times the compute on a problem and return one answer that is a function of a pool: it reads samples that are drawn
/// already, and never generates.
/// </summary>
public interface IPooledStrategy
{
    /// <summary>How many samples multiplier k reads.</summary>
    int SamplesFor(int multiplier);

    /// <summary>
    /// The chance of a right answer on this problem with multiplier k, an expectation over the pool's subsets. Estimates of different
    /// problems are made on several threads at once.
    /// </summary>
    StrategyEstimate Estimate(ProblemSamples problem, int multiplier, ulong seed);

    /// <summary>The same with several multipliers, in their order: for a strategy of which one count serves many.</summary>
    StrategyEstimate[] Estimate(ProblemSamples problem, IReadOnlyList<int> multipliers, ulong seed) =>
        [.. multipliers.Select(multiplier => Estimate(problem, multiplier, seed))];
}
