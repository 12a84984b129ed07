using System.Globalization;
using Harness.Records;
using Harness.Reports;

namespace Harness.History;

/// <summary>The rows of one pool where they began and where they moved.</summary>
static class EstimateTable
{
    const int TokenDigits = 1;

    /// <param name="pool">Series of one pool.</param>
    /// <param name="selection">Its metrics are the columns.</param>
    public static Table Of(IReadOnlyList<EstimateSeries> pool, HistorySelection selection)
    {
        bool accuracy = selection.Has(HistoryMetric.Accuracy), tokens = selection.Has(HistoryMetric.Tokens),
            flops = selection.Has(HistoryMetric.Flops);
        TextTable table = new(
        [
            TextTable.Left("row"), TextTable.Left("commit"), TextTable.Left("date"),
            .. Columns(accuracy, TextTable.Right("accuracy (95 %)"), TextTable.Right("moved"), TextTable.Left("verdict")),
            .. Columns(tokens, TextTable.Right("tokens"), TextTable.Right("moved")),
            .. Columns(flops, TextTable.Right("FLOPs"), TextTable.Right("moved")),
        ]);
        foreach (EstimateSeries series in pool)
        {
            foreach (EstimatePoint point in Listed(series, selection))
            {
                (AccuracyRow row, EstimateStep? step) = (point.Row, point.Step);
                table.Add(
                [
                    point == series.Points[0] ? series.Name : "", point.At.Name, point.At.Day,
                    .. Columns(accuracy,
                        Interval(row), step?.Accuracy is { } difference ? Difference(difference) : "", step?.VerdictText ?? ""),
                    .. Columns(tokens, Known(row.Tokens, NumberText.Fixed(row.Tokens, TokenDigits)), Percent(step?.Tokens)),
                    .. Columns(flops, Known(row.Flops, row.Flops.ToString("G4", CultureInfo.InvariantCulture)), Percent(step?.Flops)),
                ]);
            }
        }
        return new Table(table);
    }

    /// <summary>The first point, and those where a number that is asked for moved, or an interval that is shown.</summary>
    static IEnumerable<EstimatePoint> Listed(EstimateSeries series, HistorySelection selection)
    {
        string? shown = null;
        foreach (EstimatePoint point in series.Points)
        {
            string interval = selection.Has(HistoryMetric.Accuracy) ? Interval(point.Row) : "";
            if (interval != shown || (point.Step is { } step && IsMoved(step, selection)))
                yield return point;
            shown = interval;
        }
    }

    static bool IsMoved(EstimateStep step, HistorySelection selection) =>
        (step.Accuracy is not null && selection.Has(HistoryMetric.Accuracy))
        || (step.Tokens is not null && selection.Has(HistoryMetric.Tokens))
        || (step.Flops is not null && selection.Has(HistoryMetric.Flops));

    static string Interval(AccuracyRow row) =>
        $"{NumberText.Fixed(row.Accuracy)} ({NumberText.Fixed(row.CiLow)} to {NumberText.Fixed(row.CiHigh)})";

    /// <summary>Why nothing was tested, or why test and interval disagree: a sentence for each reason, with its rows.</summary>
    public static IEnumerable<Paragraph> Reasons(IReadOnlyList<EstimateSeries> pool) => pool
        .SelectMany(series => series.Points.Where(point => point.Step is { Reason.Length: > 0 }).Select(point => (series, point)))
        .GroupBy(pair => pair.point.Step!.Reason)
        .Select(same => new Paragraph(
            $"{string.Join(", ", same.Select(pair => $"{pair.series.Name} at {pair.point.At.Name}"))}: {same.Key}."));

    static T[] Columns<T>(bool wanted, params T[] columns) => wanted ? columns : [];

    static string Known(double value, string text) => double.IsNaN(value) ? "" : text;

    /// <summary>A move too small for three digits is still one.</summary>
    static string Difference(double difference)
    {
        string text = NumberText.Fixed(difference);
        string shown = double.Parse(text, CultureInfo.InvariantCulture) == 0
            ? difference.ToString("G2", CultureInfo.InvariantCulture) : text;
        return difference > 0 ? "+" + shown : shown;
    }

    static string Percent(double? ratio)
    {
        if (ratio is not { } times)
            return "";
        double percent = 100 * (times - 1);
        string text = percent.ToString(Math.Abs(percent) < 1 ? "G2" : "F1", CultureInfo.InvariantCulture);
        return $"{(percent > 0 ? "+" : "")}{text} %";
    }
}
