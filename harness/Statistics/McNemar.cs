namespace Harness.Statistics;

/// <summary>McNemar's exact test (1947): whether one of two methods is right more often on the same problems.</summary>
public static class McNemar
{
    /// <summary>
    /// The two-sided p of the problems on which only one of the two is right: twice the smaller tail of Binomial(sum, 1/2), at most 1.
    /// </summary>
    public static double PValue(int onlyFirst, int onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        int discordant = onlyFirst + onlySecond;
        return Math.Min(1, 2 * BinomialDistribution.AtMost(Math.Min(onlyFirst, onlySecond), discordant, 0.5));
    }
}
