namespace Harness.Statistics;

/// <summary>A mean over problems, with the mean of each bootstrap resample.</summary>
public sealed class ResampledMean
{
    public const double DefaultLevel = 0.95;

    readonly double[] sorted;

    /// <param name="estimate">The mean itself.</param>
    /// <param name="means">The mean of each resample. The array is sorted in place and kept.</param>
    internal ResampledMean(double estimate, double[] means)
    {
        Estimate = estimate;
        sorted = means;
        Array.Sort(sorted);
        double mean = Mean.Of(sorted), squares = 0;
        foreach (double resampled in sorted)
            squares += (resampled - mean) * (resampled - mean);
        StandardError = Math.Sqrt(squares / sorted.Length);
    }

    /// <summary>The result for values that hold a NaN, and for no problem.</summary>
    public static ResampledMean Undefined { get; } = new(double.NaN, []);

    public double Estimate { get; }

    /// <summary>The standard deviation of the resampled means; NaN where undefined.</summary>
    public double StandardError { get; }

    /// <summary>The percentiles that leave out (1 - level) / 2 at either end, widened to hold the estimate.</summary>
    public Interval Interval(double level = DefaultLevel)
    {
        if (sorted.Length == 0)
            return Statistics.Interval.Undefined;
        double tail = (1 - level) / 2;
        return new(Math.Min(Quantile(tail), Estimate), Math.Max(Quantile(1 - tail), Estimate));
    }

    /// <summary>Hyndman and Fan's type 7 (1996): linear between the order statistics.</summary>
    double Quantile(double p)
    {
        double place = p * (sorted.Length - 1);
        int below = (int)place;
        double above = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return sorted[below] + (place - below) * (above - sorted[below]);
    }
}
