namespace Harness.Statistics;

/// <summary>A chance in [0, 1], and the standard error that a random choice of subsets gives it: 0 where all subsets are counted.</summary>
public readonly record struct MonteCarloEstimate(double Accuracy, double StandardError)
{
    /// <summary>The mean over random draws, with its standard error.</summary>
    /// <param name="mean">Of the draws.</param>
    /// <param name="meanOfSquares">Of their squares.</param>
    public static MonteCarloEstimate Of(double mean, double meanOfSquares, int draws) =>
        new(mean, Math.Sqrt(Math.Max(meanOfSquares - mean * mean, 0) / draws));

    /// <summary>An estimate that counts all subsets.</summary>
    public static MonteCarloEstimate Exact(double accuracy) => new(accuracy, 0);
}
