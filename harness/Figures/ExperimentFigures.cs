using Harness.Kernels.ExactMath;
using Harness.Records;

namespace Harness.Figures;

/// <summary>The figures of an experiment, each a pure function of its CSV rows.</summary>
public static class ExperimentFigures
{
    const string CoverageStrategy = "coverage";
    const string MultiplierLabel = "compute multiplier k (times one sample, log scale)";
    const string AccuracyLabel = "problems answered right (%)";

    /// <summary>All figures that the rows of accuracy.csv give: a figure without a finite point is left out.</summary>
    public static IReadOnlyList<Figure> Draw(IReadOnlyList<AccuracyRow> rows, string title) =>
        [.. new[] { AccuracyAgainstMultiplier(rows, title), AccuracyAgainstFlops(rows, title), Coverage(rows, title) }.OfType<Figure>()];

    /// <summary>accuracy.svg: each strategy's accuracy at its nominal budgets.</summary>
    public static Figure? AccuracyAgainstMultiplier(IReadOnlyList<AccuracyRow> rows, string title) =>
        Draw("accuracy.svg", title, AccuracyLabel, AccuracySeries.ByStrategy(rows, LogMultiplier), Multipliers);

    /// <summary>accuracy-flops.svg: the same against the floating-point operations spent on a problem.</summary>
    public static Figure? AccuracyAgainstFlops(IReadOnlyList<AccuracyRow> rows, string title) =>
        Draw("accuracy-flops.svg", title, AccuracyLabel, AccuracySeries.ByStrategy(rows, row => ExactDouble.Log10(row.Flops)),
            (low, high) => AxisScale.PowersOfTen("floating-point operations per problem (FLOP, log scale)", low, high));

    /// <summary>coverage.svg: the chance that at least one of k samples is right, by difficulty where one pool has several.</summary>
    public static Figure? Coverage(IReadOnlyList<AccuracyRow> rows, string title) =>
        Draw("coverage.svg", title, "problems with a right answer among k samples (%)",
            AccuracySeries.OfStrategy(CoverageStrategy, rows, LogMultiplier),
            (low, high) => AxisScale.PowersOfTwo("samples k (log scale)", low, high));

    /// <summary>throughput.svg: decoding speed at each batch size, with the spread of repeated runs; null without points.</summary>
    public static Figure? ThroughputAgainstBatch(IReadOnlyList<ThroughputPoint> points, string title)
    {
        SeriesPoint[] measured =
        [
            .. points.Select(point => new SeriesPoint(ExactDouble.Log10(point.Batch), point.Median, point.Low, point.High))
                .Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))
                .OrderBy(point => point.X).ThenBy(point => point.Y),
        ];
        return measured.Length == 0
            ? null
            : Draw("throughput.svg", title, "tokens per second", [new Series("median and spread", 0, 0, measured)],
                (low, high) => AxisScale.PowersOfTwo("batch size (sequences, log scale)", low, high));
    }

    static AxisScale Multipliers(double low, double high) => AxisScale.PowersOfTwo(MultiplierLabel, low, high);

    static double LogMultiplier(AccuracyRow row) => ExactDouble.Log10(row.Multiplier);

    static Figure? Draw(string fileName, string title, string yLabel, IReadOnlyList<Series> series, Func<double, double, AxisScale> xScale)
    {
        if (series.Count == 0)
            return null;
        SeriesPoint[] points = [.. series.SelectMany(line => line.Points)];
        AxisScale x = xScale(points.Min(point => point.X), points.Max(point => point.X));
        AxisScale y = AxisScale.FromZero(yLabel, points.Max(point => point.HasInterval ? Math.Max(point.Y, point.High) : point.Y));
        return new Figure(fileName, Chart.Draw(title, x, y, series));
    }
}
