using Harness.Kernels.ExactMath;
using Harness.Records;

namespace Harness.Figures;

/// <summary>The figure of what trained models answer, from the rows of model-accuracy.csv.</summary>
public static class EvaluationFigures
{
    const string FileName = "model-accuracy.svg", LoopsFileName = "model-accuracy-loops.svg", AccuracyLabel = "problems answered right (%)";

    /// <summary>All that the rows give.</summary>
    public static IReadOnlyList<Figure> Draw(string title, IReadOnlyList<ModelAccuracyRow> rows)
    {
        ModelAccuracyRow[] all = [.. rows.Where(row => row.Difficulty == AccuracyRow.AllDifficulties)];
        return [.. new[] { AgainstTraining(title, all), AgainstLoops(title, all) }.OfType<Figure>()];
    }

    /// <summary>
    /// model-accuracy.svg: coverage against the operations of training, a panel an evaluation, of models that are not asked at several
    /// numbers of passes; null without any.
    /// </summary>
    static Figure? AgainstTraining(string title, ModelAccuracyRow[] rows)
    {
        ModelAccuracyRow[] shown =
        [
            .. rows.GroupBy(row => (row.Evaluation, row.Model)).Where(model => model.Select(row => row.Loops).Distinct().Count() == 1)
                .SelectMany(model => model),
        ];
        Panel[] panels = [.. shown.GroupBy(row => row.Evaluation).Select(PanelOf)];
        if (panels.Length == 0)
            return null;
        (double low, double high) =
            (ExactDouble.Log10(shown.Min(row => row.TrainingFlops)), ExactDouble.Log10(shown.Max(row => row.TrainingFlops)));
        return FigureDrawing.Draw(
            FileName, title,
            ["Points: models; lines: the best of those that took no more operations", "of several samples at least one is right"],
            AccuracyLabel, panels, pixels => AxisScale.PowersOfTen("operations of training (FLOP, log scale)", low, high, pixels));
    }

    /// <summary>
    /// model-accuracy-loops.svg: coverage of looped models against how often they pass their layers, a panel an evaluation and model; null
    /// where none is asked at several.
    /// </summary>
    static Figure? AgainstLoops(string title, ModelAccuracyRow[] rows)
    {
        ModelAccuracyRow[][] models =
        [
            .. rows.GroupBy(row => (row.Evaluation, row.Model)).Where(model => model.Select(row => row.Loops).Distinct().Count() > 1)
                .Select(model => model.ToArray()),
        ];
        if (models.Length == 0)
            return null;
        Panel[] panels =
        [
            .. models.Select(model => new Panel($"{model[0].Evaluation}, {model[0].Model}", $"{model[0].Problems} problems",
            [
                .. Chosen([.. model.Select(row => row.K).Distinct().Order()]).Select((k, index) => new Series(
                    NameOf(k), Theme.Lines[index], Series.Markers[index],
                    [
                        .. model.Where(row => row.K == k).OrderBy(row => row.Loops).Select(row => new SeriesPoint(
                            ExactDouble.Log10(row.Loops), 100 * row.Coverage, 100 * row.CiLow, 100 * row.CiHigh)),
                    ])),
            ])),
        ];
        return FigureDrawing.Draw(
            LoopsFileName, title, ["Bands and whiskers: 95 % intervals; of several samples at least one is right"], AccuracyLabel, panels,
            pixels => AxisScale.AtValues(
                "passes of the layers (log scale)", models.SelectMany(model => model.Select(row => row.Loops)), pixels));
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
        return new Series(NameOf(rows[0].K), Theme.Lines[index], Series.Markers[index], points) { Path = best };
    }

    static string NameOf(int k) => k == 1 ? "one sample" : $"{k} samples";
}
