namespace Harness.Statistics;

/// <summary>
/// Sums of binomial probabilities, by their ratios outward from the mode. This needs no logarithm, and only negligible terms underflow.
/// </summary>
static class BinomialDistribution
{
    /// <summary>P(X at most <paramref name="successes"/>) of n trials with chance p in (0, 1).</summary>
    public static double AtMost(int successes, int trials, double p)
    {
        int mode = Math.Min((int)((trials + 1) * p), trials);
        double odds = p / (1 - p), inside = 0, outside = 0;
        double term = 1;
        for (int i = mode; i <= trials && term > 0; term *= (double)(trials - i) / (i + 1) * odds, i++)
            Add(i, term);
        term = mode / ((trials - mode + 1) * odds);
        for (int i = mode - 1; i >= 0 && term > 0; term *= i / ((trials - i + 1) * odds), i--)
            Add(i, term);
        return inside / (inside + outside);

        void Add(int i, double value)
        {
            if (i <= successes)
                inside += value;
            else
                outside += value;
        }
    }
}
