namespace Harness.Statistics;

/// <summary>The error that a mean over given problems has because each problem's value is itself estimated.</summary>
public static class MonteCarloError
{
    /// <summary>The standard error of a mean over problems whose independent estimates have these errors; NaN without problems.</summary>
    public static double OfMean(ReadOnlySpan<double> errors)
    {
        double sum = 0;
        foreach (double error in errors)
            sum += error * error;
        return Math.Sqrt(sum) / errors.Length;
    }
}
