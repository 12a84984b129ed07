using System.Globalization;
using Harness.Figures;
using Harness.Records;
using Harness.Reports;

namespace Harness.Results;

/// <summary>frontier.csv, its figure, and the report's section of what a budget buys.</summary>
public sealed class FrontierResults : IResultContributor
{
    /// <summary>Nothing where there is one way to answer alone, or what it costs is unknown.</summary>
    public Contribution Of(AnalysedExperiment experiment)
    {
        IReadOnlyList<FrontierRow> rows = experiment.Frontier;
        if (rows.Count == 0)
            return Contribution.None;
        return new Contribution(
            [(FrontierTable.Csv.FileName, FrontierTable.Csv.Write(rows))],
            [.. new[] { ExperimentFigures.Frontier(rows, FigureTitles.Of(experiment)) }.OfType<Figure>()],
            [Section(rows)]);
    }

    /// <param name="all">At least one row.</param>
    public static ReportSection Section(IReadOnlyList<FrontierRow> all)
    {
        string unit = FrontierRow.ShownUnit(all);
        FrontierRow[] rows = [.. all.Where(row => row.Unit == unit)];
        string counted = unit == FrontierRow.Operations ? "operations" : "generated tokens";
        TextTable table = new(
            TextTable.Left("problems"), TextTable.Right($"{counted} a problem"), TextTable.Left("best"), TextTable.Right("accuracy (95 %)"),
            TextTable.Right("by difficulty (95 %)"), TextTable.Right("upper bound"));
        foreach (FrontierRow row in rows.Where(row => row.Scope == FrontierRow.OverAll))
        {
            table.Add(
                row.Problems, Digits(row.Budget), row.Halves.Length > 0 ? row.Halves : Choice(row), Accuracy(row),
                Beside(row, FrontierRow.ByDifficulty) is { } bins ? Accuracy(bins) : "",
                Beside(row, FrontierRow.UpperBound) is { } bound ? NumberText.Fixed(bound.Accuracy) : "");
        }
        return new ReportSection("What a budget buys", IsSummary: false,
        [
            new Paragraph($"For at most so many {counted} a problem, the best strategy and multiplier, chosen on one half of the problems "
                + "and judged on the other. By difficulty: another choice for each fifth of the problems at most, whose difficulty is "
                + "estimated on one half of the samples, by their right answers, and judged by the other half, so that multipliers go "
                + "up to half of the samples; who deploys a model must estimate it otherwise. "
                + string.Join(" ", rows.Where(row => row.Scope == FrontierRow.CheapestPass).Select(row => Pass(row, counted)))),
            new Table(table),
        ]);

        FrontierRow? Beside(FrontierRow row, string scope) => rows.FirstOrDefault(other => other.Scope == scope
            && other.Bin == FrontierRow.OverAll && other.Problems == row.Problems && other.Budget.Equals(row.Budget));
    }

    static string Pass(FrontierRow row, string counted) =>
        $"For each right answer of {row.Problems} {Digits(row.CostOfPass)} {counted} are spent at least, by {Choice(row)}.";

    static string Choice(FrontierRow row) => $"{row.Strategy}@{CsvFields.Write(row.Multiplier)} over {row.Pool}";

    static string Accuracy(FrontierRow row) =>
        $"{NumberText.Fixed(row.Accuracy)} ({NumberText.Fixed(row.CiLow)} to {NumberText.Fixed(row.CiHigh)})";

    static string Digits(double value) => value.ToString(value < 1e4 ? "G4" : "0.##E+0", CultureInfo.InvariantCulture);
}
