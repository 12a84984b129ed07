using Harness.Kernels.ExactMath;
using Harness.Records;
using ScottPlot;

namespace Harness.Figures;

/// <summary>The figures of models in training, from the rows of training.csv.</summary>
public static class TrainingFigures
{
    /// <summary>
    /// Where a model's loss begins at more than this many times its lowest, what is above <see cref="DrawnTimes"/> is not drawn.
    /// </summary>
    const double MostTimes = 30;

    /// <summary>What is drawn then, so that the end can be read.</summary>
    const double DrawnTimes = 5;

    /// <summary>training.svg: the loss against the tokens that were trained on; null without rows.</summary>
    /// <param name="facts">What each model is, by its name.</param>
    public static Figure? Loss(string title, IReadOnlyList<TrainingRow> rows, IReadOnlyDictionary<string, string> facts)
    {
        TrainingRow[][] models = [.. rows.GroupBy(row => row.Model).Select(group => group.ToArray())];
        // Models that begin with the same step are one until the shorter ones end: the longest tells what they share.
        if (models.Length > Panel.MostLines)
            models = [.. models.GroupBy(model => model[0].Weights).Select(trunk => trunk.MaxBy(model => model[^1].Tokens)!)];
        IReadOnlyList<Panel> panels = models.Length <= Panel.MostLines
            ? [.. models.Select(model => OfOne(model, facts.GetValueOrDefault(model[0].Model, "")))]
            : [.. models.OrderByDescending(LastLoss).Chunk(Panel.MostLines).Select(OfSeveral)];
        if (panels.Count == 0)
            return null;
        double[] values = [.. panels.SelectMany(panel => panel.Series).SelectMany(Values)];
        string explained = models.Length <= Panel.MostLines
            ? "Line: mean over the steps since the row before; squares: problems that no model learns from"
            : models.Any(IsValidatedOnce) ? "Lines: mean over the steps since the row before; marks: problems that no model learns from"
            : "Loss on problems that no model learns from";
        string[] notes = models.Length <= Panel.MostLines && models.Any(model => Drawn(model).Length < model.Length)
            ? [FormattableString.Invariant($"Losses above {DrawnTimes} times a model's lowest are not drawn")] : [];
        return FigureDrawing.Draw(
            "training.svg", title, [explained, .. notes], panels,
            pixels => AxisScale.PowersOfTen("tokens trained on (log scale)", Places(rows).Min(), Places(rows).Max(), pixels),
            AxisScale.Between("loss (nats per token)", Math.Min(values.Min(), 0), values.Max()));
    }

    static Panel OfOne(TrainingRow[] rows, string facts)
    {
        SeriesPoint[] validated = [.. Validated(rows)];
        TrainingRow[] marked = validated.Length == 0 ? [rows[^1]] : [.. rows.Where(row => row.ValidationLoss is not null)];
        List<Series> series =
        [
            new("training", Theme.Lines[0], MarkerShape.None, [.. marked.Select(row => PointOf(row, row.Loss))])
            {
                Path = [.. Drawn(rows).Select(row => (ExactDouble.Log10(row.Tokens), row.Loss))],
            },
        ];
        if (validated.Length > 0)
            series.Add(new Series("validation", Theme.Lines[1], MarkerShape.FilledSquare, validated));
        return new Panel(rows[0].Model, facts, series) { KeepsPlaces = true };
    }

    static TrainingRow[] Drawn(TrainingRow[] rows)
    {
        double lowest = rows.Min(row => row.Loss);
        return rows.Max(row => row.Loss) > MostTimes * lowest ? [.. rows.Where(row => row.Loss <= DrawnTimes * lowest)] : rows;
    }

    static Panel OfSeveral(TrainingRow[][] models) => new(
        models.Length == 1 ? models[0][0].Model : $"{models[0][0].Model} to {models[^1][0].Model}",
        "by the last loss",
        [
            .. models.Select((rows, index) => new Series(rows[0].Model, Theme.Lines[index], Series.Markers[index], [.. Validated(rows)])
            {
                Path = IsValidatedOnce(rows) ? [.. rows.Select(row => (ExactDouble.Log10(row.Tokens), row.Loss))] : null,
            }),
        ])
    {
        KeepsPlaces = true,
    };

    /// <summary>So that its line is that of the loss on what it learnt from.</summary>
    static bool IsValidatedOnce(TrainingRow[] rows) => rows.Count(row => row.ValidationLoss is not null) == 1;

    static IEnumerable<SeriesPoint> Validated(TrainingRow[] rows) =>
        rows.Where(row => row.ValidationLoss is not null).Select(row => PointOf(row, row.ValidationLoss!.Value));

    static double LastLoss(TrainingRow[] rows) => rows[^1].ValidationLoss ?? rows[^1].Loss;

    static SeriesPoint PointOf(TrainingRow row, double loss) => new(ExactDouble.Log10(row.Tokens), loss, double.NaN, double.NaN);

    static IEnumerable<double> Values(Series series) =>
        series.Points.Select(point => point.Y).Concat(series.Path?.Select(point => point.Y) ?? []);

    static IEnumerable<double> Places(IReadOnlyList<TrainingRow> rows) => rows.Select(row => ExactDouble.Log10(row.Tokens));
}
