namespace Harness.Statistics;

/// <summary>The size of the difference between two methods on the same problems, and its bootstrap interval over problems.</summary>
public static class PairedBootstrap
{
    /// <summary>The mean of first - second, and its 95 % interval.</summary>
    public readonly record struct Result(double Difference, Interval Interval);

    public static Result Difference(
        double[] first, double[] second, ulong seed, int resamples = ClusteredBootstrap.DefaultResamples)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Length, first.Length);
        double[] differences = [.. first.Zip(second, (a, b) => a - b)];
        return new(Mean.Of(differences), ClusteredBootstrap.OfMean(differences, seed, resamples));
    }
}
