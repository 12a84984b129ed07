using Harness.Samples;
using Harness.Statistics;

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
    /// The chance of a right answer on this problem with multiplier k, an expectation over the pool's subsets, with the Monte Carlo
    /// error of strategies that draw subsets at random; NaN where the multiplier exceeds the samples.
    /// </summary>
    MonteCarloEstimate Estimate(ProblemSamples problem, int multiplier, ulong seed);

    /// <summary>The same estimator for answers that are judged anew, as against another problem's right answer.</summary>
    ScoredEstimator Judged(ProblemSamples problem, int multiplier, ulong seed);
}
