namespace Harness.Statistics;

/// <summary>How far a mean over given problems may be off because only some samples of each were drawn.</summary>
public static class MonteCarloError
{
    /// <summary>
    /// The standard error of the mean success over problems, sqrt(sum of p(1-p)/samples)/problems, with p each problem's share of right
    /// samples; NaN without problems or samples.
    /// </summary>
    public static double OfMeanSuccess(ReadOnlySpan<double> shares, int samples)
    {
        if (samples < 1)
            return double.NaN;
        double sum = 0;
        foreach (double share in shares)
            sum += share * (1 - share) / samples;
        return Math.Sqrt(sum) / shares.Length;
    }

    /// <summary>The standard error of a mean over problems whose independent estimates have these errors.</summary>
    public static double OfMean(ReadOnlySpan<double> errors)
    {
        double sum = 0;
        foreach (double error in errors)
            sum += error * error;
        return Math.Sqrt(sum) / errors.Length;
    }
}
