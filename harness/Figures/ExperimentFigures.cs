using Harness.Kernels.ExactMath;
using Harness.Records;
using ScottPlot;

namespace Harness.Figures;

/// <summary>The figures of an experiment, each a pure function of its CSV rows, and of what run.json says for its titles.</summary>
public static class ExperimentFigures
{
    const string MultiplierLabel = "compute multiplier k (samples, log scale)";
    const string AccuracyLabel = "problems answered right (%)";

    /// <summary>All figures that the rows of accuracy.csv give: a figure without a finite point is left out.</summary>
    public static IReadOnlyList<Figure> Draw(IReadOnlyList<AccuracyRow> rows, FigureFacts facts) =>
        [.. new[] { AccuracyAgainstMultiplier(rows, facts), AccuracyAgainstFlops(rows, facts), Coverage(rows, facts) }.OfType<Figure>()];

    /// <summary>accuracy.svg: each strategy's accuracy at its nominal budgets.</summary>
    public static Figure? AccuracyAgainstMultiplier(IReadOnlyList<AccuracyRow> rows, FigureFacts facts) =>
        Draw("accuracy.svg", facts, AccuracyLabel, AccuracyPanels.Of(rows, facts, LogMultiplier),
            pixels => AxisScale.AtValues(MultiplierLabel, Multipliers(rows), pixels));

    /// <summary>accuracy-flops.svg: the same against the floating-point operations spent on a problem.</summary>
    public static Figure? AccuracyAgainstFlops(IReadOnlyList<AccuracyRow> rows, FigureFacts facts)
    {
        IReadOnlyList<Panel> panels = AccuracyPanels.Of(rows, facts, row => ExactDouble.Log10(row.Flops));
        double[] xs = [.. panels.SelectMany(panel => panel.Series).SelectMany(series => series.Points).Select(point => point.X)];
        return Draw("accuracy-flops.svg", facts, AccuracyLabel, panels,
            pixels => AxisScale.PowersOfTen("operations per problem (FLOP, log scale)", xs.Min(), xs.Max(), pixels));
    }

    /// <summary>coverage.svg: the chance that at least one of k samples is right, by difficulty where a pool has several.</summary>
    public static Figure? Coverage(IReadOnlyList<AccuracyRow> rows, FigureFacts facts)
    {
        IReadOnlyList<Panel> panels = CoveragePanels.Of(rows, facts, LogMultiplier);
        AccuracyRow[] drawn = [.. rows.Where(row => row.Strategy == "coverage")];
        return Draw("coverage.svg", facts, "a right answer among k samples (%)", panels,
            pixels => AxisScale.AtValues("samples k (log scale)", Multipliers(drawn), pixels));
    }

    /// <summary>frontier.svg: the best accuracy for a budget, over all problems and by difficulty.</summary>
    /// <param name="rows">of several units: operations are drawn where they are known</param>
    public static Figure? Frontier(IReadOnlyList<FrontierRow> rows, FigureFacts facts)
    {
        string drawn = FrontierRow.ShownUnit(rows);
        IReadOnlyList<Panel> panels = FrontierPanels.Of([.. rows.Where(row => row.Unit == drawn)], facts);
        double[] xs = [.. panels.SelectMany(panel => panel.Series).SelectMany(series => series.Points).Select(point => point.X)];
        string unit = drawn == FrontierRow.Operations ? "operations" : "tokens";
        return Draw("frontier.svg", facts, AccuracyLabel, panels, pixels => AxisScale.PowersOfTen(
            $"budget per problem ({unit}, log scale)", xs.Min(), xs.Max(), pixels));
    }

    /// <summary>
    /// Each strategy's accuracy at its nominal budgets on two sides, the earlier one dashed; null where they share no strategy of a pool.
    /// </summary>
    /// <param name="fileName">of the figure</param>
    /// <param name="title">of the experiment</param>
    /// <param name="before">rows of the earlier accuracy.csv, and what its side is called</param>
    /// <param name="after">of the later one</param>
    public static Figure? AccuracyCompared(
        string fileName, string title, (string Name, IReadOnlyList<AccuracyRow> Rows) before,
        (string Name, IReadOnlyList<AccuracyRow> Rows) after)
    {
        IReadOnlyList<Panel> panels = ComparedPanels.Of(before.Rows, after.Rows, LogMultiplier);
        return panels.Count == 0 ? null : FigureDrawing.Draw(
            fileName, title, [$"A, dashed: {before.Name}", $"B: {after.Name}; bands and whiskers: 95 % intervals"], AccuracyLabel, panels,
            pixels => AxisScale.AtValues(MultiplierLabel, Multipliers(ComparedPanels.Shared(before.Rows, after.Rows)), pixels));
    }

    /// <summary>throughput.svg: decoding speed at each batch size, with the spread of repeated runs; null without points.</summary>
    /// <param name="machine">its name</param>
    /// <param name="settings">such as precision and threads</param>
    /// <param name="workload">such as the tokens of a sample</param>
    public static Figure? ThroughputAgainstBatch(IReadOnlyList<ThroughputPoint> points, string machine, string settings, string workload)
    {
        SeriesPoint[] measured =
        [
            .. points.Where(point => point.Batch > 0 && double.IsFinite(point.Median))
                .Select(point => new SeriesPoint(ExactDouble.Log10(point.Batch), point.Median, point.Low, point.High))
                .OrderBy(point => point.X).ThenBy(point => point.Y),
        ];
        if (measured.Length == 0)
            return null;
        Series median = new("median", Theme.Lines[0], MarkerShape.FilledCircle, measured);
        return FigureDrawing.Draw(
            "throughput.svg",
            $"Throughput on {machine}",
            ["Median of repeated runs; whiskers: the slowest and the fastest"],
            "tokens per second",
            [new Panel(settings, workload, [median]) { Whiskers = true }],
            pixels => AxisScale.AtValues(
                "batch size (sequences, log scale)", points.Select(point => point.Batch).Where(batch => batch > 0), pixels));
    }

    static IEnumerable<int> Multipliers(IReadOnlyList<AccuracyRow> rows) => rows
        .Where(row => row.Difficulty == AccuracyRow.AllDifficulties && double.IsFinite(row.Accuracy)).Select(row => row.Multiplier);

    static double LogMultiplier(AccuracyRow row) => ExactDouble.Log10(row.Multiplier);

    static Figure? Draw(
        string fileName, FigureFacts facts, string yLabel, IReadOnlyList<Panel> panels, Func<double, AxisScale> xScale)
    {
        if (panels.Count == 0)
            return null;
        bool bands = panels.Any(panel => panel.HasBands), whiskers = panels.Any(panel => !panel.HasBands);
        string marks = bands && whiskers ? "Bands and whiskers" : bands ? "Bands" : "Whiskers";
        bool greyed = panels.Any(panel => panel.Series.Any(series => series.IsUpperBound));
        string explained = $"{marks}: 95 % intervals{(greyed ? "; grey and dashed: an upper bound, what an oracle would reach" : "")}";
        string source = $"{(facts.IsRecorded ? "Recorded" : "Model")}: {facts.Model}";
        return FigureDrawing.Draw(fileName, facts.Title, [source, explained], yLabel, panels, xScale);
    }
}
