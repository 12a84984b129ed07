namespace Harness.Statistics;

/// <summary>An estimator's accuracy by chance.</summary>
/// <param name="All">The mean over all ordered pairs of different problems; NaN where it is undefined.</param>
/// <param name="ByDifficulty">The mean over the pairs within each difficulty; NaN for a difficulty of one problem.</param>
public sealed record ChanceEstimate(double All, IReadOnlyDictionary<int, double> ByDifficulty)
{
    /// <summary>The value where there is no baseline.</summary>
    public static ChanceEstimate None { get; } = new(double.NaN, new Dictionary<int, double>());

    /// <summary>The baseline within one difficulty; NaN where it has none.</summary>
    public double Of(int difficulty) => ByDifficulty.TryGetValue(difficulty, out double chance) ? chance : double.NaN;
}
