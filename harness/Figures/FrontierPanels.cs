using Harness.Kernels.ExactMath;
using Harness.Records;
using ScottPlot;

namespace Harness.Figures;

/// <summary>Turns rows of frontier.csv into panels: one a set of problems, with what a budget buys over all and by difficulty.</summary>
static class FrontierPanels
{
    static readonly (string Scope, string Name, MarkerShape Marker)[] Lines =
    [
        (FrontierRow.OverAll, "one choice", MarkerShape.FilledCircle),
        (FrontierRow.ByDifficulty, "by difficulty", MarkerShape.FilledSquare),
        (FrontierRow.UpperBound, "coverage", MarkerShape.FilledDiamond),
    ];

    /// <summary>At the budgets, not at what of them is spent, so that lines of one budget stand above each other.</summary>
    public static IReadOnlyList<Panel> Of(IReadOnlyList<FrontierRow> rows, FigureFacts facts) =>
    [
        .. rows.Where(row => row.Bin == FrontierRow.OverAll && double.IsFinite(row.Budget)).GroupBy(row => row.Problems).Select(group =>
            new Panel(
                group.Key,
                facts.Pools.FirstOrDefault(pool => pool.Name == group.Key) is { } pool
                    ? AccuracyPanels.FactsOf(pool with { Temperature = double.NaN }) : "",
                [.. Lines.Index().Select(line => Line(line.Item, line.Index, group)).Where(series => series.Points.Count > 0)])),
    ];

    static Series Line((string Scope, string Name, MarkerShape Marker) line, int index, IEnumerable<FrontierRow> rows)
    {
        bool isBound = line.Scope == FrontierRow.UpperBound;
        return new Series(
            line.Name, isBound ? Theme.Bound : Theme.Lines[index], line.Marker,
            [.. rows.Where(row => row.Scope == line.Scope).OrderBy(row => row.Budget).Select(row => new SeriesPoint(
                ExactDouble.Log10(row.Budget), 100 * row.Accuracy, 100 * row.CiLow, 100 * row.CiHigh))])
        {
            IsUpperBound = isBound,
            Note = isBound ? "upper bound" : "",
        };
    }
}
