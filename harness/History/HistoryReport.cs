using System.Globalization;
using Harness.Reports;
using Harness.Statistics;

namespace Harness.History;

/// <summary>A history as tables: the commits, then the rows of each pool and the speeds of each machine, where they moved.</summary>
static class HistoryReport
{
    /// <summary>Letters of a commit's subject.</summary>
    const int LongestSubject = 60;

    const double Thousand = 1000;

    public static Report Of(ResultHistory history) => new(
        $"History of {history.Experiment}",
        [
            new ReportSection(null, IsSummary: true,
            [
                new Paragraph(Summary(history)), .. history.Notes.Select(note => new Warning(note)), Commits(history),
            ]),
            .. history.Estimates.GroupBy(series => series.Pool).Select(pool => new ReportSection(pool.Key, IsSummary: false,
            [
                EstimateTable.Of([.. pool], history.Selection), .. EstimateTable.Reasons([.. pool]),
            ])),
            .. history.Speeds.GroupBy(series => series.Machine).Select(machine => new ReportSection(
                $"tokens/s on {machine.Key}", IsSummary: false, [SpeedTable([.. machine])])),
            .. Method(history),
        ]);

    static string Summary(ResultHistory history)
    {
        HistoryPoint[] commits = [.. history.Points.Where(point => point.Commit is not null)];
        string here = commits.Length == history.Points.Count ? ""
            : $"{(commits.Length > 0 ? ", and " : "")}the working tree, which differs";
        string first = commits.Length == 0 ? "" : $"{NumberText.Count(commits.Length, "commit")} that changed {Files(history.Selection)}, "
            + $"{commits[0].Day}{(commits[0].Day == commits[^1].Day ? "" : $" to {commits[^1].Day}")}";
        return $"{first}{here}.";
    }

    static string Files(HistorySelection selection) => !selection.HasExact ? "a throughput.csv"
        : selection.Has(HistoryMetric.TokensPerSecond) ? "accuracy.csv or a throughput.csv" : "accuracy.csv";

    static Table Commits(ResultHistory history)
    {
        TextTable table = new(TextTable.Left("commit"), TextTable.Left("date"), TextTable.Left("what moved"), TextTable.Left("subject"));
        foreach (HistoryPoint point in history.Points)
        {
            string moved = string.Join("; ", Moved(history, point));
            table.Add(point.Name, point.Day, moved.Length > 0 ? moved : "the same numbers", Shortened(point.Subject));
        }
        return new Table(table);
    }

    static IEnumerable<string> Moved(ResultHistory history, HistoryPoint point)
    {
        if (point.Refusal.Length > 0)
            yield return point.Refusal;
        EstimatePoint[] rows =
            [.. history.Estimates.SelectMany(series => series.Points.Where(at => ReferenceEquals(at.At, point)))];
        EstimateStep[] steps = [.. rows.Select(row => row.Step).OfType<EstimateStep>()];
        int begun = history.Estimates.Count(series => ReferenceEquals(series.Points[0].At, point));
        if (begun > 0)
            yield return $"first of {NumberText.Count(begun, "row")}";
        if (rows.Length > begun)
        {
            string[] moves =
            [
                .. Count(HistoryMetric.Accuracy, "accuracy", steps.Count(step => step.Accuracy is not null), Changed(steps)),
                .. Count(HistoryMetric.Tokens, "tokens", steps.Count(step => step.Tokens is not null), ""),
                .. Count(HistoryMetric.Flops, "FLOPs", steps.Count(step => step.Flops is not null), ""),
            ];
            yield return moves.Length == 0 ? $"none of {NumberText.Count(rows.Length - begun, "row")} moved"
                : $"{string.Join(", ", moves)} of {NumberText.Count(rows.Length - begun, "row")}";
        }
        SpeedPoint[] speeds = [.. history.Speeds.SelectMany(series => series.Points.Where(at => ReferenceEquals(at.At, point)))];
        if (speeds.Length > 0)
        {
            int first = speeds.Count(at => at.Ratio is null);
            yield return first == speeds.Length ? $"first of {NumberText.Count(first, "speed")}"
                : $"{NumberText.Count(speeds.Length - first, "speed")} measured again, "
                    + NumberText.Count(speeds.Count(at => at.IsStep), "step");
        }

        IEnumerable<string> Count(HistoryMetric metric, string name, int moved, string more) =>
            moved > 0 && history.Selection.Has(metric) ? [$"{name} {moved.ToString(CultureInfo.InvariantCulture)}{more}"] : [];
    }

    static string Changed(EstimateStep[] steps)
    {
        int changed = steps.Count(step => step.Verdict == Verdict.Changed);
        return changed > 0 ? $" ({changed.ToString(CultureInfo.InvariantCulture)} changed)" : "";
    }

    static Table SpeedTable(IReadOnlyList<SpeedSeries> machine)
    {
        TextTable table = new(
            TextTable.Left("setting"), TextTable.Left("commit"), TextTable.Left("date"), TextTable.Right("tokens/s"),
            TextTable.Right("slowest to fastest"), TextTable.Right("to before"), TextTable.Left("step"));
        foreach (SpeedSeries series in machine)
        {
            foreach (SpeedPoint point in series.Points)
            {
                table.Add(
                    point == series.Points[0] ? series.Setting : "", point.At.Name, point.At.Day, Rate(point.Row.TokensPerSecond),
                    $"{Rate(point.Row.TokensPerSecondLow)} to {Rate(point.Row.TokensPerSecondHigh)}",
                    point.Ratio is { } ratio ? $"{NumberText.Fixed(ratio)}x" : "",
                    point.Ratio is null ? "" : point.IsStep ? "spreads apart" : "spreads overlap");
            }
        }
        return new Table(table);
    }

    static IEnumerable<ReportSection> Method(ResultHistory history)
    {
        List<ReportBlock> blocks = [];
        if (history.Estimates.Count > 0)
        {
            blocks.Add(new Paragraph(
                "Accuracy, tokens and FLOPs are exact: a row is listed where one of them moved from the commit before, in six significant "
                + "digits, or where its interval is another one. The verdict on a moved accuracy is that of `harness "
                + "compare` between the two commits: a paired test on the same problems, adjusted for all rows of the experiment; "
                + "identical: of the same samples, which are estimated otherwise. "
                + (history.Selection.Margin > 0
                    ? $"The same: the 90 % interval lies within {NumberText.Fixed(history.Selection.Margin)}."
                    : "No margin is stated, so nothing is called the same (--margin).")));
        }
        if (history.Speeds.Count > 0)
        {
            blocks.Add(new Paragraph("Speeds are measured, and not in turns, so that no test is made: a step is one whose runs, slowest to "
                + "fastest, all lie above or below those of the measurement before, of the same setting on the same machine."));
        }
        return blocks.Count == 0 ? [] : [new ReportSection("How to read this", IsSummary: false, blocks)];
    }

    static string Rate(double tokensPerSecond) =>
        tokensPerSecond.ToString(tokensPerSecond < Thousand ? "G4" : "#,0", CultureInfo.InvariantCulture);

    static string Shortened(string subject) =>
        subject.Length <= LongestSubject ? subject : $"{subject[..(LongestSubject - 3)].TrimEnd()}...";
}
