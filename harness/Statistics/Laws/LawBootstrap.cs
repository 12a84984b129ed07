using Harness.Kernels.Sampling;

namespace Harness.Statistics.Laws;

/// <summary>
/// Intervals of a law's parameters: points are drawn with replacement, those of one model together, and every resample is fitted again
/// (Efron 1979). Points of one curve of a pool are not independent; there, resample problems instead.
/// </summary>
/// <param name="Intervals">A percentile interval of each parameter, widened to hold the estimate; undefined where a refit is.</param>
/// <param name="Refits">How many resamples were fitted.</param>
/// <param name="Undefined">How many of them had no fit, or not all of the fit's parameters.</param>
public sealed record LawBootstrap(Interval[] Intervals, int Refits, int Undefined)
{
    public const int DefaultResamples = 1000;

    public static LawBootstrap Of(ILaw law, LawData data, LawFit fit, ulong seed, int resamples = DefaultResamples)
    {
        if (!fit.IsDefined)
            return new([.. law.Parameters.Select(_ => Interval.Undefined)], 0, 0);
        int[][] drawn = Together(law, data);
        LawFit[] refits = new LawFit[resamples];
        Parallel.For(0, resamples, resample => refits[resample] = law.Fit(data.At(Draw(drawn, seed, resample)), fit));
        int[] known = [.. Enumerable.Range(0, fit.Parameters.Length).Where(p => !double.IsNaN(fit.Parameters[p]))];
        LawFit[] defined = [.. refits.Where(refit => refit.IsDefined && known.All(p => !double.IsNaN(refit.Parameters[p])))];
        Interval[] intervals = [.. law.Parameters.Select((_, p) => defined.Length == 0 || !known.Contains(p)
            ? Interval.Undefined
            : new ResampledMean(fit.Parameters[p], [.. defined.Select(refit => refit.Parameters[p])]).Interval())];
        return new(intervals, resamples, resamples - defined.Length);
    }

    /// <summary>The points of each model, or each point by itself.</summary>
    static int[][] Together(ILaw law, LawData data)
    {
        IEnumerable<int> all = Enumerable.Range(0, data.Points);
        return law.ModelInputs.Count == 0
            ? [.. all.Select(point => new[] { point })]
            : [.. all.GroupBy(point => string.Join(' ', law.ModelInputs.Select(input => BitConverter.DoubleToInt64Bits(
                data.Inputs[input][point])))).Select(model => model.ToArray())];
    }

    static int[] Draw(int[][] models, ulong seed, int resample)
    {
        RandomStream random = new(seed, RandomPurpose.LawPoints, (uint)resample, (uint)models.Length);
        List<int> drawn = [];
        for (int i = 0; i < models.Length; i++)
            drawn.AddRange(models[random.Below(models.Length)]);
        return [.. drawn];
    }
}
