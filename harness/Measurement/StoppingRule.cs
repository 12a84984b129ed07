using Harness.Statistics;

namespace Harness.Measurement;

/// <summary>
/// When a measurement has been repeated often enough: never before the fewest runs, always at the most runs, and between them as soon as
/// its share of time is spent or every median is known closely.
/// </summary>
public sealed record StoppingRule
{
    /// <summary>1 or more. They are made even where the share of time is spent earlier.</summary>
    public int FewestRuns { get; init; } = 3;

    /// <summary>At least <see cref="FewestRuns"/>.</summary>
    public int MostRuns { get; init; } = 15;

    /// <summary>Time after which no further run starts, counted from the first run, the one that is not timed.</summary>
    public TimeSpan Share { get; init; } = TimeSpan.MaxValue;

    /// <summary>
    /// What a run takes at least, where the loop times it: shorter work is repeated within a run, since a machine's other programs
    /// would make most of its time. None by default.
    /// </summary>
    public TimeSpan ShortestRun { get; init; }

    /// <summary>
    /// A median whose <see cref="SpreadOfMedian"/> is at most this is known closely. 0 asks for the share of time or the most runs.
    /// </summary>
    public double Spread { get; init; }

    /// <summary>Time after which the run in progress is given up.</summary>
    public TimeSpan Limit { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>A fixed number of runs.</summary>
    public static StoppingRule Exactly(int runs) => new() { FewestRuns = runs, MostRuns = runs };

    /// <summary>Whether no further run is needed.</summary>
    /// <param name="series">The values of each quantity that a run measures, one of each a run.</param>
    /// <param name="elapsed">Since the first run began.</param>
    public bool IsEnough(IReadOnlyList<IReadOnlyList<double>> series, int runs, TimeSpan elapsed) =>
        runs >= MostRuns
        || (runs >= FewestRuns && (elapsed >= Share || (Spread > 0 && series.All(values => SpreadOfMedian(values) <= Spread))));

    /// <summary>
    /// Half the width of the median's confidence interval, relative to the median: between the order statistics that enclose it with a
    /// chance of at least 95 % (binomial), or between the lowest and the highest of fewer than six values, which do so less surely.
    /// Infinite where fewer than two values, or a median of 0, tell nothing.
    /// </summary>
    public static double SpreadOfMedian(IReadOnlyList<double> values)
    {
        if (values.Count < 2)
            return double.PositiveInfinity;
        double[] sorted = [.. values.Order()];
        double median = Measured.MedianOf(sorted);
        Interval interval = MedianInterval.Of(sorted);
        return median == 0 ? double.PositiveInfinity : (interval.High - interval.Low) / 2 / Math.Abs(median);
    }
}
