using Harness.Figures;

namespace Harness.History;

/// <summary>A history as figures, one a metric: the values against the commits, a panel a pool or machine.</summary>
static class HistoryPlots
{
    const double PerCent = 100;

    /// <summary>None of a metric that is not asked for, or of which nothing is known.</summary>
    public static IReadOnlyList<Figure> Of(ResultHistory history)
    {
        (string Name, string Period) places = (history.Experiment, Period(history));
        string[] commits = [.. history.Points.Select(point => point.Name)];
        return
        [
            .. new[]
            {
                Has(HistoryMetric.Accuracy) ? HistoryFigures.Accuracy(places.Name, places.Period, commits, Lines(
                    point => PerCent * point.Row.Accuracy, step => step.Accuracy is not null,
                    point => (PerCent * point.Row.CiLow, PerCent * point.Row.CiHigh), isTested: true)) : null,
                Has(HistoryMetric.Tokens) ? HistoryFigures.Tokens(
                    places.Name, places.Period, commits, Lines(point => point.Row.Tokens, step => step.Tokens is not null, Unknown)) : null,
                Has(HistoryMetric.Flops) ? HistoryFigures.Flops(
                    places.Name, places.Period, commits, Lines(point => point.Row.Flops, step => step.Flops is not null, Unknown)) : null,
                HistoryFigures.TokensPerSecond(places.Name, places.Period, commits, Speeds(history)),
            }.OfType<Figure>(),
        ];

        bool Has(HistoryMetric metric) => history.Selection.Has(metric);

        IReadOnlyList<HistoryLine> Lines(
            Func<EstimatePoint, double> value, Func<EstimateStep, bool> isMoved, Func<EstimatePoint, (double, double)> interval,
            bool isTested = false) =>
        [
            .. history.Estimates.Select(series => new HistoryLine(series.Pool, series.Name,
            [
                .. series.Points.Select(point =>
                {
                    (double low, double high) = interval(point);
                    return new HistoryMark(PlaceOf(history, point.At), value(point), low, high)
                    {
                        IsMoved = point.Step is null ? point == series.Points[0] : isMoved(point.Step),
                        IsStep = isTested && point.Step?.Verdict == Statistics.Verdict.Changed,
                    };
                }),
            ], EndOf(history, series))),
        ];
    }

    static HistoryLine[] Speeds(ResultHistory history) =>
    [
        .. history.Speeds.Select(series => new HistoryLine(series.Machine, $"batch {series.Points[0].Row.Batch}",
        [
            .. series.Points.Select(point => new HistoryMark(
                PlaceOf(history, point.At), point.Row.TokensPerSecond, point.Row.TokensPerSecondLow, point.Row.TokensPerSecondHigh)
            {
                IsMoved = true,
                IsStep = point.IsStep,
            }),
        ], PlaceOf(history, series.Points[^1].At))),
    ];

    /// <summary>Where a row's last value ends: at the newest point, or at the one before accuracy.csv went on without it.</summary>
    static int EndOf(ResultHistory history, EstimateSeries series)
    {
        int last = PlaceOf(history, series.Points[^1].At);
        int without = Enumerable.Range(last + 1, history.Points.Count - last - 1)
            .FirstOrDefault(place => history.Points[place].IsEstimatedAnew, history.Points.Count);
        return without - 1;
    }

    static int PlaceOf(ResultHistory history, HistoryPoint point) =>
        Enumerable.Range(0, history.Points.Count).First(place => ReferenceEquals(history.Points[place], point));

    static (double, double) Unknown(EstimatePoint point) => (double.NaN, double.NaN);

    static string Period(ResultHistory history)
    {
        string[] days = [.. history.Points.Select(point => point.Day).Where(day => day.Length > 0)];
        return days.Length == 0 ? "" : days[0] == days[^1] ? days[0] : $"{days[0]} to {days[^1]}";
    }
}
