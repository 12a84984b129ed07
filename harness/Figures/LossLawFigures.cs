using System.Globalization;
using Harness.Kernels.ExactMath;
using ScottPlot;

namespace Harness.Figures;

/// <summary>The figures of a law of losses.</summary>
public static class LossLawFigures
{
    /// <summary>Of a panel, beside the line of the best size.</summary>
    const int SizesEach = 3;
    const string OperationsLabel = "operations of training (FLOP, log scale)", LossLabel = "loss (nats per token)";

    /// <summary>Names of all that there may be.</summary>
    public static IReadOnlyList<string> Names { get; } = ["laws-compute.svg", "laws-isoflop.svg", "laws-residuals.svg"];

    public static IReadOnlyList<Figure> Draw(string title, LossLawShown law) =>
        [.. new[] { AgainstOperations(title, law), AtEqualOperations(title, law), Residuals(title, law) }.OfType<Figure>()];

    /// <summary>laws-compute.svg: the loss of each size as it is trained longer, and the least loss that the law promises.</summary>
    static Figure AgainstOperations(string title, LossLawShown law)
    {
        SeriesPoint[] least = [.. law.Least.Select(point => Point(point.Flops, point.Loss))];
        Series[] best = least.Length == 0 ? [] :
        [
            new("best size (law)", Theme.Bound, MarkerShape.None, [least[0], least[^1]])
            {
                IsEarlier = true,
                Path = [.. least.Select(point => (point.X, point.Y))],
            },
        ];
        return Draw(Names[0], title, "Points: models; dashed: the least loss that the law gives for a budget",
            Panels(law, size => size.Losses, best), OperationsLabel, law.Sizes.SelectMany(size => size.Flops), LossLabel);
    }

    /// <summary>laws-isoflop.svg: the loss at equal budgets against the size, and the law's curves.</summary>
    static Figure? AtEqualOperations(string title, LossLawShown law)
    {
        Panel[] panels =
        [
            .. law.Budgets.Chunk(Panel.MostLines).Select(chunk => new Panel(
                chunk.Length == 1 ? Budget(chunk[0]) : $"{Budget(chunk[0])} to {Budget(chunk[^1])}", law.Facts,
                [
                    .. chunk.Select((curve, index) => new Series(Budget(curve), Theme.Lines[index], Series.Markers[index],
                        [.. curve.Parameters.Zip(curve.Losses, Point)])
                    {
                        Path = [.. curve.Law.Select(point => (ExactDouble.Log10(point.Parameters), point.Loss))],
                    }),
                ])
            { KeepsPlaces = true }),
        ];
        return panels.Length == 0 ? null : Draw(Names[1], title,
            "Points: models of equal operations, between two budgets by a straight line; lines: the law", panels,
            "parameters (log scale)", law.Budgets.SelectMany(curve => curve.Parameters), LossLabel);
    }

    /// <summary>laws-residuals.svg: what the law says of each model, less its loss.</summary>
    static Figure Residuals(string title, LossLawShown law) => Draw(Names[2], title, "Above zero the law says more than the model's loss",
        Panels(law, size => [.. size.Predicted.Zip(size.Losses, (predicted, loss) => predicted - loss)]), OperationsLabel,
        law.Sizes.SelectMany(size => size.Flops), "law - loss (nats per token)");

    static Panel[] Panels(LossLawShown law, Func<SizeCurve, double[]> heights, params Series[] beside) =>
    [
        .. law.Sizes.Chunk(SizesEach).Select(chunk => new Panel(Heading(chunk), law.Facts,
            [
                .. chunk.Select((size, index) => new Series(NameOf(size), Theme.Lines[index], Series.Markers[index],
                    [.. size.Flops.Zip(heights(size), Point)])),
                .. beside,
            ])
        { KeepsPlaces = true }),
    ];

    static Figure Draw(
        string fileName, string title, string explained, Panel[] panels, string xLabel, IEnumerable<double> places, string yLabel)
    {
        double[] heights = [.. panels.SelectMany(panel => panel.Series).SelectMany(series =>
            series.Points.Select(point => point.Y).Concat(series.Path?.Select(point => point.Y) ?? []))];
        (double low, double high) = (ExactDouble.Log10(places.Min()), ExactDouble.Log10(places.Max()));
        return FigureDrawing.Draw(fileName, title, [explained], panels, pixels => AxisScale.PowersOfTen(xLabel, low, high, pixels),
            AxisScale.Between(yLabel, heights.Min(), heights.Max()));
    }

    static string NameOf(SizeCurve size) => size.HeldOut is { } item ? $"{item} ({Count(size)}, not fitted)" : $"{Count(size)} parameters";

    static SeriesPoint Point(double x, double y) => new(ExactDouble.Log10(x), y, double.NaN, double.NaN);

    static string Heading(SizeCurve[] sizes) =>
        $"{(sizes.Length == 1 ? "" : $"{Count(sizes[0])} to ")}{Count(sizes[^1])} parameters";

    static string Budget(BudgetCurve curve) => $"{curve.Flops.ToString("0e0", CultureInfo.InvariantCulture)} FLOP";

    static string Count(SizeCurve size) => size.Parameters.ToString("#,0", CultureInfo.InvariantCulture);
}
