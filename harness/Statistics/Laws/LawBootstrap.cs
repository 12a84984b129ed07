using Harness.Kernels.Sampling;

namespace Harness.Statistics.Laws;

/// <summary>
/// Intervals of a law's parameters: points are drawn with replacement, and every resample is fitted again (Efron 1979). Points of one curve
/// of a pool are not independent; there, resample problems instead.
/// </summary>
/// <param name="Intervals">A percentile interval of each parameter, widened to hold the estimate; undefined where a refit is.</param>
/// <param name="Refits">How many resamples were fitted.</param>
/// <param name="Undefined">How many of them had no fit.</param>
public sealed record LawBootstrap(Interval[] Intervals, int Refits, int Undefined)
{
    public const int DefaultResamples = 1000;

    public static LawBootstrap Of(ILaw law, LawData data, LawFit fit, ulong seed, int resamples = DefaultResamples)
    {
        if (!fit.IsDefined)
            return new([.. law.Parameters.Select(_ => Interval.Undefined)], 0, 0);
        LawFit[] refits = new LawFit[resamples];
        Parallel.For(0, resamples, resample => refits[resample] = law.Fit(data.At(Draw(data.Points, seed, resample)), fit));
        LawFit[] defined = [.. refits.Where(refit => refit.IsDefined)];
        Interval[] intervals = [.. law.Parameters.Select((_, p) => defined.Length == 0
            ? Interval.Undefined
            : new ResampledMean(fit.Parameters[p], [.. defined.Select(refit => refit.Parameters[p])]).Interval())];
        return new(intervals, resamples, resamples - defined.Length);
    }

    static int[] Draw(int points, ulong seed, int resample)
    {
        RandomStream random = new(seed, RandomPurpose.LawPoints, (uint)resample, (uint)points);
        int[] drawn = new int[points];
        for (int i = 0; i < points; i++)
            drawn[i] = random.Below(points);
        return drawn;
    }
}
