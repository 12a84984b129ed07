using System.Globalization;
using Harness.Kernels.Sampling;
using Harness.Statistics;

namespace Harness.Tests.Statistics;

/// <summary>
/// A cell of docs/interval-coverage.csv: experiments simulated from one population of problems, and how often the 95 % interval of their
/// accuracy holds the population's mean.
/// </summary>
/// <param name="Problems">Problems of an experiment.</param>
/// <param name="Mean">The population's mean.</param>
/// <param name="IsFractional">
/// Whether a problem's value is a rate from a Beta law of concentration 2, as strategies over many samples give, else right or wrong.
/// </param>
sealed record IntervalStudy(int Problems, double Mean, bool IsFractional)
{
    /// <summary>Resamples of an interval: fewer than an experiment has make it a little noisier, not narrower.</summary>
    const int Resamples = 1000;

    public static IEnumerable<IntervalStudy> All =>
        from problems in new[] { 30, 100, 300 }
        from mean in new[] { 0.02, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.98 }
        from fractional in new[] { false, true }
        select new IntervalStudy(problems, mean, fractional);

    /// <summary>Studies are numbered, so that the first ones of a table are those of a shorter run.</summary>
    public (double Coverage, double Width, double WilsonWidth) Run(int studies)
    {
        bool[] covered = new bool[studies];
        double[] widths = new double[studies], wilson = new double[studies];
        Parallel.For(0, studies, study =>
        {
            Random random = new(unchecked((int)Philox.Block(17, (uint)study, (uint)Problems, (uint)(Mean * 1000), 0).Item1));
            double[] values = [.. Enumerable.Range(0, Problems).Select(_ => Draw(random))];
            Interval interval = AnchoredBootstrap.OfMeans(
                [values], new ProblemDraws(new int[Problems], (ulong)study), Anchors.Accuracy, Resamples)[0].Interval();
            covered[study] = interval.Low <= Mean && Mean <= interval.High;
            widths[study] = interval.High - interval.Low;
            Interval plain = PlainIntervals.Wilson(values);
            wilson[study] = plain.High - plain.Low;
        });
        return ((double)covered.Count(true) / studies, widths.Average(), wilson.Average());
    }

    public static string Row(IntervalStudy study, int studies)
    {
        (double coverage, double width, double wilson) = study.Run(studies);
        string values = study.IsFractional ? "rates" : "right or wrong";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{study.Problems},{study.Mean},{values},{studies},{coverage:0.0000},{width:0.0000},{wilson:0.0000}");
    }

    double Draw(Random random)
    {
        if (!IsFractional)
            return random.NextDouble() < Mean ? 1 : 0;
        (double alpha, double beta) = (2 * Mean, 2 * (1 - Mean));
        (double first, double second) = (Gamma(random, alpha), Gamma(random, beta));
        return first + second == 0 ? Mean : first / (first + second);
    }

    /// <summary>Marsaglia and Tsang 2000; below 1 from one above, times a power of a uniform variate.</summary>
    static double Gamma(Random random, double shape)
    {
        if (shape < 1)
            return Gamma(random, shape + 1) * Math.Pow(random.NextDouble(), 1 / shape);
        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            double v = Math.Pow(1 + c * x, 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < x * x / 2 + d - d * v + d * Math.Log(v))
                return d * v;
        }
    }
}
