using Harness.Records;
using Harness.Reports;

namespace Harness.Results;

/// <summary>comparisons.csv, and the report's section that compares two ways on the same problems.</summary>
public sealed class ComparisonResults : IResultContributor
{
    /// <summary>Nothing where there is no pair.</summary>
    public Contribution Of(AnalysedExperiment experiment) => experiment.Comparisons.Count == 0
        ? Contribution.None
        : new Contribution(
            [(ComparisonTable.Csv.FileName, ComparisonTable.Csv.Write(experiment.Comparisons))], [], [Section(experiment.Comparisons)]);

    /// <summary>The section of a report that has these rows.</summary>
    public static ReportSection Section(IReadOnlyList<ComparisonRow> comparisons)
    {
        TextTable table = new(
            TextTable.Left("first"), TextTable.Left("second"), TextTable.Right("problems"), TextTable.Right("accuracy of first"),
            TextTable.Right("of second"), TextTable.Right("difference (95 %)"), TextTable.Right("p"), TextTable.Right("p, adjusted"),
            TextTable.Left("verdict"), TextTable.Right("could see"));
        foreach (ComparisonRow row in comparisons)
        {
            table.Add(
                $"{row.FirstPool} {row.FirstStrategy} {CsvFields.Write(row.FirstMultiplier)}x",
                $"{row.SecondPool} {row.SecondStrategy} {CsvFields.Write(row.SecondMultiplier)}x",
                CsvFields.Write(row.Problems), NumberText.Fixed(row.FirstAccuracy), NumberText.Fixed(row.SecondAccuracy),
                $"{NumberText.Fixed(row.Difference)} ({NumberText.Fixed(row.CiLow)} to {NumberText.Fixed(row.CiHigh)})",
                NumberText.PValue(row.PValue), NumberText.PValue(row.AdjustedPValue), row.Verdict, CouldSee(row));
        }
        List<ReportBlock> blocks =
        [
            new Paragraph("Both on the same problems; the difference is first - second in accuracy. p is the chance of one as large "
                + "without any "
                + "(exact McNemar where every problem is right or wrong under both, else a paired permutation test), adjusted for all "
                + "comparisons by "
                + "Holm's method. \"Could see\" is the smallest true difference that as many problems would show with a power of 80 %; in "
                + "brackets its part between problems, which only more problems make smaller, and its part within a problem, which more "
                + "samples do (`harness power`)."),
            new Table(table),
        ];
        blocks.AddRange(comparisons.Where(row => row.Reason.Length > 0).Select(row => new Paragraph(
            $"{row.FirstPool} {row.FirstStrategy} against {row.SecondPool} {row.SecondStrategy}: {row.Reason}.")));
        return new ReportSection("Paired comparisons", IsSummary: false, blocks);
    }

    static string CouldSee(ComparisonRow row) => NumberText.Fixed(row.DetectableEffect) + (double.IsNaN(row.DetectableBetween) ? ""
        : $" ({NumberText.Fixed(row.DetectableBetween)}, {NumberText.Fixed(row.DetectableWithin)})");
}
