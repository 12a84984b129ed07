using Harness.Kernels.Sampling;
using Harness.Statistics;

namespace Harness.Tests.Statistics;

/// <summary>Intervals of a mean that the harness does not use, beside those that it does.</summary>
static class PlainIntervals
{
    const double Z = 1.959963984540054;

    /// <summary>The percentile bootstrap without anchors (Efron 1979).</summary>
    public static Interval Bootstrap(double[] values, ulong seed)
    {
        double[] means = new double[AnchoredBootstrap.DefaultResamples];
        for (int resample = 0; resample < means.Length; resample++)
        {
            RandomStream random = new(seed, RandomPurpose.Bootstrap, (uint)resample, (uint)values.Length);
            double sum = 0;
            for (int draw = 0; draw < values.Length; draw++)
                sum += values[random.Below(values.Length)];
            means[resample] = sum / values.Length;
        }
        return new ResampledMean(Mean.Of(values), means).Interval();
    }

    /// <summary>Wilson's (1927), of values that are right or wrong.</summary>
    public static Interval Wilson(double[] values)
    {
        double n = values.Length, mean = Mean.Of(values), squared = Z * Z / n;
        double middle = (mean + squared / 2) / (1 + squared);
        double half = Z / (1 + squared) * Math.Sqrt(Math.Max(mean * (1 - mean) / n + squared / (4 * n), 0));
        return new Interval(Math.Max(middle - half, 0), Math.Min(middle + half, 1));
    }
}
