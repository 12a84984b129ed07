using System.Globalization;
using System.Text;
using Harness.Records;

namespace Harness.Reports;

/// <summary>The section of an experiment's README that compares two ways on the same problems.</summary>
static class ComparisonSection
{
    const double LeastShown = 0.001;

    /// <summary>Nothing where there is no row.</summary>
    public static void Append(StringBuilder text, IReadOnlyList<ComparisonRow> comparisons)
    {
        if (comparisons.Count == 0)
            return;
        text.Append("\n## Paired comparisons\n\nBoth on the same problems; the difference is first - second in accuracy, p the chance of one as large without any.\n\n");
        text.Append("| first | second | problems | accuracy of first | of second | difference | p | test |\n|---|---|---|---|---|---|---|---|\n");
        foreach (ComparisonRow row in comparisons)
        {
            text.Append($"| {row.FirstPool} {row.FirstStrategy} {CsvFields.Write(row.FirstMultiplier)}x ");
            text.Append($"| {row.SecondPool} {row.SecondStrategy} {CsvFields.Write(row.SecondMultiplier)}x ");
            text.Append($"| {CsvFields.Write(row.Problems)} | {Fixed(row.FirstAccuracy)} | {Fixed(row.SecondAccuracy)} ");
            text.Append($"| {Fixed(row.Difference)} ({Fixed(row.CiLow)} to {Fixed(row.CiHigh)}) ");
            text.Append($"| {(row.PValue < LeastShown ? "below 0.001" : Fixed(row.PValue))} | {row.Test} |\n");
        }
    }

    /// <summary>Three digits, without the sign of a zero.</summary>
    static string Fixed(double value)
    {
        string text = value.ToString("F3", CultureInfo.InvariantCulture);
        return text == "-0.000" ? "0.000" : text;
    }
}
