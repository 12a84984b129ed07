using System.Globalization;
using Harness.Records;
using Harness.Reports;
using Harness.Statistics;

namespace Harness.Comparison;

/// <summary>Rows whose samples are not identical, as a table.</summary>
static class DifferenceTable
{
    /// <summary>Nobody asks more problems: a larger number would only look as if it meant something.</summary>
    const double MostProblems = 1e6;

    /// <param name="rows">One or more.</param>
    /// <param name="namesExperiments">Whether the rows are of several experiments.</param>
    public static Table Of(IReadOnlyList<AccuracyDifference> rows, bool namesExperiments)
    {
        TextTable table = new(
        [
            .. namesExperiments ? [TextTable.Left("experiment")] : Array.Empty<TableColumn>(),
            TextTable.Left("pool"), TextTable.Left("strategy"), TextTable.Right("multiplier"), TextTable.Right("problems"),
            TextTable.Right("A"), TextTable.Right("B"), TextTable.Right("B - A (95 %)"), TextTable.Right("p"),
            TextTable.Right("p, adjusted"), TextTable.Left("verdict"), TextTable.Right("would tell"),
        ]);
        foreach (AccuracyDifference row in rows)
        {
            table.Add(
            [
                .. namesExperiments ? [row.Cell.Experiment] : Array.Empty<string>(),
                row.Cell.Pool, row.Cell.Strategy, $"{CsvFields.Write(row.Cell.Multiplier)}x", CsvFields.Write(row.Problems),
                NumberText.Fixed(row.Before), NumberText.Fixed(row.After), DifferenceText(row),
                row.Comparison is { } tested ? NumberText.PValue(tested.PValue) : "",
                row.Comparison is { } adjusted ? NumberText.PValue(adjusted.AdjustedPValue) : "",
                row.Verdict is { } verdict ? VerdictName.Of(verdict) : "not tested",
                WouldTell(row),
            ]);
        }
        return new Table(table);
    }

    /// <summary>Why test and interval disagree, or why nothing was tested: a sentence for each reason, with its rows.</summary>
    public static IEnumerable<Paragraph> Reasons(IEnumerable<AccuracyDifference> rows) =>
        rows.Where(row => row.Reason.Length > 0).GroupBy(row => row.Reason).Select(same => new Paragraph(
            $"{string.Join(", ", same.Select(row => $"{row.Cell.Pool} {row.Cell.Strategy} {CsvFields.Write(row.Cell.Multiplier)}x"))}: "
            + $"{same.Key}."));

    static string DifferenceText(AccuracyDifference row) => row.Comparison is { } tested
        ? $"{Signed(row.Difference)} ({Signed(tested.CiLow)} to {Signed(tested.CiHigh)})"
        : Signed(row.Difference);

    static string Signed(double difference)
    {
        string text = NumberText.Fixed(difference);
        return difference > 0 ? "+" + text : text;
    }

    /// <summary>An estimate, so rounded up to two digits.</summary>
    static string WouldTell(AccuracyDifference row)
    {
        if (row.Verdict != Verdict.CannotTell || row.Comparison is not { ProblemsToTell: var problems } || !double.IsFinite(problems))
            return "";
        if (problems > MostProblems)
            return "over a million problems";
        double unit = 1;
        for (double left = problems; left >= 100; left /= 10)
            unit *= 10;
        return $"about {(Math.Ceiling(problems / unit) * unit).ToString("F0", CultureInfo.InvariantCulture)} problems";
    }
}
