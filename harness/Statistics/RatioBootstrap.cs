namespace Harness.Statistics;

/// <summary>
/// The anchored percentile bootstrap of a share of samples, where problems have different numbers of them: problems are drawn, and the
/// drawn ones' counts are added. The anchors are one problem with one sample that counts, and one with one that does not.
/// </summary>
public static class RatioBootstrap
{
    public const int DefaultResamples = 2_000;

    /// <summary>The share and its interval; undefined where no problem has a sample.</summary>
    /// <param name="counts">Of each problem, samples that count.</param>
    /// <param name="samples">Of each problem, all of its samples; may be 0.</param>
    public static ResampledMean Of(
        IReadOnlyList<int> counts, IReadOnlyList<int> samples, ProblemDraws draws, int resamples = DefaultResamples)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(counts.Count, draws.Problems);
        ArgumentOutOfRangeException.ThrowIfNotEqual(samples.Count, draws.Problems);
        long all = samples.Sum(count => (long)count);
        if (all == 0)
            return ResampledMean.Undefined;
        int[] counted = [.. counts, 0, 1], drawnFrom = [.. samples, 1, 1];
        double estimate = counts.Sum(count => (long)count) / (double)all;
        double[] shares = new double[resamples];
        Parallel.For(0, resamples, () => new int[draws.Draws], (resample, _, drawn) =>
        {
            draws.Fill(resample, drawn);
            (long sum, long total) = (0, 0);
            foreach (int problem in drawn)
                (sum, total) = (sum + counted[problem], total + drawnFrom[problem]);
            shares[resample] = total == 0 ? estimate : (double)sum / total;
            return drawn;
        }, _ => { });
        return new ResampledMean(estimate, shares);
    }
}
