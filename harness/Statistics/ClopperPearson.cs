namespace Harness.Statistics;

/// <summary>
/// The exact interval of a binomial chance (Clopper and Pearson 1934): the chances under which neither so many successes, nor so few,
/// would be rarer than half of what the level leaves.
/// </summary>
public static class ClopperPearson
{
    /// <summary>Undefined without trials.</summary>
    public static Interval Of(int successes, int trials, double level = ClusteredBootstrap.DefaultLevel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        if (trials == 0)
            return Interval.Undefined;
        double tail = (1 - level) / 2;
        double low = successes == 0 ? 0 : Crossing(p => BinomialDistribution.AtLeast(successes, trials, p) > tail);
        double high = successes == trials ? 1 : Crossing(p => BinomialDistribution.AtMost(successes, trials, p) < tail);
        return new(low, high);
    }

    /// <summary>Where in (0, 1) a condition that holds above a point, and only there, begins to.</summary>
    static double Crossing(Func<double, bool> isAbove)
    {
        double low = 0, high = 1;
        for (double middle = 0.5; middle > low && middle < high; middle = low + (high - low) / 2)
        {
            if (isAbove(middle))
                high = middle;
            else
                low = middle;
        }
        return high;
    }
}
