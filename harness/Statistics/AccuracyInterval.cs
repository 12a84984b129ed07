namespace Harness.Statistics;

/// <summary>
/// The 95 % interval of an accuracy over problems: clustered bootstrap, and Clopper-Pearson where all or none are right, since resamples
/// of equal values would then claim certainty.
/// </summary>
public static class AccuracyInterval
{
    /// <summary>Expectations are sums of rounded terms, so "always" and "never" are met to this.</summary>
    const double Rounding = 1e-12;

    /// <summary>One interval for each vector of per-problem accuracies, all over the same problems.</summary>
    public static Interval[] Of(IReadOnlyList<double[]> vectors, ulong seed, int resamples = ClusteredBootstrap.DefaultResamples)
    {
        Interval[] intervals = ClusteredBootstrap.OfMeans(vectors, seed, resamples);
        for (int i = 0; i < intervals.Length; i++)
        {
            int problems = vectors[i].Length;
            if (vectors[i].All(accuracy => accuracy >= 1 - Rounding))
                intervals[i] = ClopperPearson.Of(problems, problems);
            else if (vectors[i].All(accuracy => accuracy <= Rounding))
                intervals[i] = ClopperPearson.Of(0, problems);
        }
        return intervals;
    }
}
