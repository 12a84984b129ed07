namespace Harness.Statistics;

/// <summary>
/// Percentile bootstrap of a mean over problems (Efron 1979). Problems are the clusters: a problem's samples stay together in its one
/// value, so that many samples of few problems do not pass for many observations.
/// </summary>
public static class ClusteredBootstrap
{
    public const int DefaultResamples = 2000;
    public const double DefaultLevel = 0.95;

    /// <summary>The interval of the mean of <paramref name="values"/>, one a problem.</summary>
    public static Interval OfMean(double[] values, ulong seed, int resamples = DefaultResamples, double level = DefaultLevel) =>
        OfMeans([values], seed, resamples, level)[0];

    /// <summary>
    /// The interval of each vector's mean, all over the same problems and the same resamples; undefined where a vector holds a NaN.
    /// </summary>
    public static Interval[] OfMeans(
        IReadOnlyList<double[]> vectors, ulong seed, int resamples = DefaultResamples, double level = DefaultLevel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        if (vectors.Count == 0)
            return [];
        int problems = vectors[0].Length;
        foreach (double[] vector in vectors)
            ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, problems);
        if (problems == 0)
            return [.. vectors.Select(_ => Interval.Undefined)];

        double[][] means = [.. vectors.Select(_ => new double[resamples])];
        int[] drawn = new int[problems];
        for (int resample = 0; resample < resamples; resample++)
        {
            RandomStream random = new(seed, RandomPurpose.Bootstrap, (uint)resample, (uint)problems);
            for (int i = 0; i < drawn.Length; i++)
                drawn[i] = random.Below(problems);
            for (int v = 0; v < means.Length; v++)
                means[v][resample] = MeanOfDrawn(vectors[v], drawn);
        }
        return [.. means.Select((resampled, v) => vectors[v].Any(double.IsNaN) ? Interval.Undefined : Percentiles(resampled, level))];
    }

    static double MeanOfDrawn(double[] values, int[] drawn)
    {
        double sum = 0;
        foreach (int problem in drawn)
            sum += values[problem];
        return sum / drawn.Length;
    }

    static Interval Percentiles(double[] means, double level)
    {
        Array.Sort(means);
        double tail = (1 - level) / 2;
        return new(Quantile(means, tail), Quantile(means, 1 - tail));
    }

    /// <summary>Hyndman and Fan's type 7: linear between the order statistics.</summary>
    static double Quantile(double[] sorted, double p)
    {
        double place = p * (sorted.Length - 1);
        int below = (int)place;
        double above = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return sorted[below] + (place - below) * (above - sorted[below]);
    }
}
