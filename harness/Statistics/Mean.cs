namespace Harness.Statistics;

/// <summary>The mean, summed in order: the library's sums may one day be vectorised, and another order rounds otherwise.</summary>
public static class Mean
{
    /// <summary>NaN without values.</summary>
    public static double Of(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value;
        return sum / values.Length;
    }
}
