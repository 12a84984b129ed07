namespace Harness.Statistics;

/// <summary>A chance in [0, 1], and the standard error that a random choice of subsets gives it: 0 where all subsets are counted.</summary>
public readonly record struct MonteCarloEstimate(double Accuracy, double StandardError)
{
    /// <summary>An estimate that counts all subsets.</summary>
    public static MonteCarloEstimate Exact(double accuracy) => new(accuracy, 0);
}
