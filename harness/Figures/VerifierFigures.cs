using Harness.Records;
using ScottPlot;

namespace Harness.Figures;

/// <summary>The figure of how true reward models' probabilities are, from the rows of calibration.csv.</summary>
public static class VerifierFigures
{
    public const string FileName = "calibration.svg";

    /// <summary>The share of right answers against the mean reward of each range, a panel a pool; null without rows.</summary>
    public static Figure? Calibration(string title, IReadOnlyList<CalibrationRow> rows)
    {
        Panel[] panels =
        [
            .. rows.GroupBy(row => row.Pool).SelectMany(pool => pool.GroupBy(row => row.Verifier).Chunk(Panel.MostLines - 1)
                .Select(models => new Panel(pool.Key, $"{models.First().Sum(row => row.Samples)} answers",
                    [.. models.Select(SeriesOf), Truth]) { KeepsPlaces = true, Whiskers = true })),
        ];
        return panels.Length == 0 ? null : FigureDrawing.Draw(
            FileName, title, ["Points: answers whose reward lies in one of ten ranges; dashed: a reward that is the chance of being right"],
            panels, _ => AxisScale.Between("mean reward", 0, 1), AxisScale.Between("answers that are right (share)", 0, 1));
    }

    static Series SeriesOf(IGrouping<string, CalibrationRow> model, int index) => new(
        model.Key, Theme.Lines[index], Series.Markers[index],
        [.. model.Select(row => new SeriesPoint(row.MeanReward, row.Right, row.CiLow, row.CiHigh))]);

    static Series Truth => new(
        "true", Theme.Bound, MarkerShape.None,
        [new SeriesPoint(0, 0, double.NaN, double.NaN), new SeriesPoint(1, 1, double.NaN, double.NaN)])
    {
        IsEarlier = true,
    };
}
