namespace Harness.Statistics;

/// <summary>
/// The confidence interval of a median between order statistics, whatever the distribution: so many values lie below the median as heads
/// among as many tosses.
/// </summary>
public static class MedianInterval
{
    /// <summary>
    /// The narrowest pair of order statistics that encloses the median with a chance of at least 95 %; of fewer than six values the lowest
    /// and the highest, which do so less surely.
    /// </summary>
    /// <param name="values">At least one.</param>
    public static Interval Of(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        int dropped = DroppedAtEachEnd(sorted.Length);
        return new Interval(sorted[dropped], sorted[^(1 + dropped)]);
    }

    /// <summary>Most values that may be left out at each end while the rest encloses the median with a chance of 95 %.</summary>
    static int DroppedAtEachEnd(int count)
    {
        const double outside = 0.025;
        double chance = 1, below = 0;
        for (int i = 0; i < count; i++)
            chance /= 2;
        for (int dropped = 0; ; dropped++)
        {
            below += chance;
            if (below > outside)
                return Math.Max(dropped - 1, 0);
            chance *= (double)(count - dropped) / (dropped + 1);
        }
    }
}
