using Harness.Statistics;

namespace Harness.Strategies;

/// <summary>What a strategy is worth on one problem.</summary>
/// <param name="Own">
/// The chance of a right answer, with the Monte Carlo error of strategies that draw subsets at random. NaN where the multiplier exceeds
/// the samples.
/// </param>
/// <param name="Judged">The same estimator for answers that are judged anew, as against another problem's right answer.</param>
public sealed record StrategyEstimate(MonteCarloEstimate Own, ScoredEstimator Judged)
{
    /// <summary>Which samples it draws, where that depends on them; null where it is any as many as the multiplier reads.</summary>
    public DrawnSamples? Drawn { get; init; }

    /// <summary>Without a Monte Carlo error.</summary>
    public static StrategyEstimate Exact(double accuracy, ScoredEstimator judged) => new(MonteCarloEstimate.Exact(accuracy), judged);
}
