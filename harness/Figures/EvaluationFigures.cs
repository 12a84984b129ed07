using Harness.Kernels.ExactMath;
using Harness.Records;
using ScottPlot;

namespace Harness.Figures;

/// <summary>The figure of what trained models answer, from the rows of model-accuracy.csv.</summary>
public static class EvaluationFigures
{
    static readonly MarkerShape[] Markers =
        [MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledTriangleDown];

    public const string FileName = "model-accuracy.svg";

    /// <summary>model-accuracy.svg: coverage against the operations of training, a panel an evaluation; null without rows.</summary>
    public static Figure? Draw(string title, IReadOnlyList<ModelAccuracyRow> rows)
    {
        ModelAccuracyRow[] shown = [.. rows.Where(row => row.Difficulty == AccuracyRow.AllDifficulties)];
        Panel[] panels = [.. shown.GroupBy(row => row.Evaluation).Select(PanelOf)];
        if (panels.Length == 0)
            return null;
        (double low, double high) =
            (ExactDouble.Log10(shown.Min(row => row.TrainingFlops)), ExactDouble.Log10(shown.Max(row => row.TrainingFlops)));
        return FigureDrawing.Draw(
            FileName, title,
            ["Points: models; lines: the best of those that took no more operations", "of several samples at least one is right"],
            "problems answered right (%)", panels, pixels => AxisScale.PowersOfTen(
                "operations of training (FLOP, log scale)", low, high, pixels));
    }

    static Panel PanelOf(IGrouping<string, ModelAccuracyRow> rows)
    {
        ModelAccuracyRow any = rows.First();
        return new Panel(rows.Key, $"{any.Problems} problems",
            [
                .. Chosen([.. rows.Select(row => row.K).Distinct().Order()])
                    .Select((k, index) => SeriesOf([.. rows.Where(row => row.K == k)], index)),
            ])
        {
            KeepsPlaces = true,
        };
    }

    /// <summary>As many as a panel has lines, the smallest and the largest among them.</summary>
    static int[] Chosen(int[] counts) => counts.Length <= Panel.MostLines ? counts
        : [.. Enumerable.Range(0, Panel.MostLines).Select(place => counts[place * (counts.Length - 1) / (Panel.MostLines - 1)])];

    static Series SeriesOf(ModelAccuracyRow[] rows, int index)
    {
        SeriesPoint[] points =
        [
            .. rows.Select(row => new SeriesPoint(ExactDouble.Log10(row.TrainingFlops), 100 * row.Coverage, double.NaN, double.NaN))
                .OrderBy(point => point.X).ThenBy(point => point.Y),
        ];
        List<(double X, double Y)> best = [];
        foreach (SeriesPoint point in points)
            best.Add((point.X, Math.Max(point.Y, best.Count == 0 ? 0 : best[^1].Y)));
        string name = rows[0].K == 1 ? "one sample" : $"{rows[0].K} samples";
        return new Series(name, Theme.Lines[index], Markers[index], points) { Path = best };
    }
}
