using Harness.Figures;
using Harness.Reports;
using Harness.Statistics;

namespace Harness.Comparison;

/// <summary>What a comparison says, for a terminal or a pull request: one line over all, what moved most, then each experiment.</summary>
public static class ComparisonReport
{
    /// <summary>Rows of the table over all experiments; each experiment's own table has all of its rows.</summary>
    const int MostRows = 10;

    /// <param name="comparison">What is said.</param>
    /// <param name="figures">Those that the page holds beside the tables of their experiments.</param>
    public static Report Of(ResultComparison comparison, params IReadOnlyList<Figure> figures)
    {
        List<ReportBlock> first = [new Paragraph(Summary(comparison))];
        AccuracyDifference[] moved = [.. comparison.MovedRows];
        if (moved.Length > 0)
        {
            first.Add(DifferenceTable.Of(moved[..Math.Min(moved.Length, MostRows)], namesExperiments: true));
            if (moved.Length > MostRows)
            {
                first.Add(new Paragraph(
                    $"These are the largest differences; {NumberText.Count(moved.Length - MostRows, "more row")} below."));
            }
            first.Add(new Paragraph(Method(comparison)));
        }
        first.AddRange(comparison.Regenerated.Select(sample => new Paragraph(sample.Text)));
        if (comparison.NotRegenerated is { } nothing)
            first.Add(new Paragraph($"Nothing was drawn again: {nothing.TrimEnd('.')}."));
        if (comparison.InTurns is { } inTurns)
            first.Add(new Paragraph(inTurns));
        ExperimentComparison[] silent = [.. comparison.Experiments.Where(experiment => !ExperimentSection.HasMore(experiment))];
        return new Report(
            $"A: {comparison.Before}, B: {comparison.After}",
            [
                new ReportSection(null, IsSummary: true, first),
                .. comparison.Experiments.Except(silent).Select(experiment => ExperimentSection.Of(
                    experiment, figures.FirstOrDefault(figure => figure.FileName == ComparisonFigures.FileName(experiment)))),
                .. Names("Identical in all that was compared", silent.Select(experiment => experiment.Name)),
                .. Names("Only in A", comparison.OnlyBefore),
                .. Names("Only in B", comparison.OnlyAfter),
            ]);
    }

    /// <summary>One line over all experiments.</summary>
    public static string Summary(ResultComparison comparison)
    {
        ILookup<bool, ExperimentComparison> byMoved =
            comparison.Experiments.ToLookup(experiment => experiment.Moved < MovedKind.Schema);
        string moved = string.Join(", ", byMoved[true].Select(experiment =>
            $"{experiment.Name}: {ExperimentSection.NameOf(experiment.Moved)}"));
        int schema = byMoved[false].Count(experiment => experiment.Moved == MovedKind.Schema);
        return $"{NumberText.Count(comparison.Experiments.Count, "experiment")} compared: {byMoved[true].Count()} moved"
            + (moved.Length > 0 ? $" ({moved})" : "")
            + (schema > 0 ? $", {schema} in the schema only" : "")
            + $", {byMoved[false].Count() - schema} identical; {comparison.OnlyBefore.Count} only in A, "
            + $"{comparison.OnlyAfter.Count} only in B. {Rows(comparison)}";
    }

    static string Rows(ResultComparison comparison)
    {
        AccuracyDifference[] rows = [.. comparison.Experiments.SelectMany(experiment => experiment.Accuracy)];
        int untested = rows.Count(row => row.Verdict is null);
        string[] verdicts = [.. Enum.GetValues<Verdict>().Select(verdict =>
            $"{rows.Count(row => row.Verdict == verdict)} {VerdictName.Of(verdict)}")];
        return $"Accuracy, {NumberText.Count(rows.Length, "row")}: {string.Join(", ", verdicts)}"
            + (untested > 0 ? $", {untested} not tested." : ".");
    }

    static string Method(ResultComparison comparison) =>
        "B - A is the difference in accuracy on the same problems, estimated by this program from both sides' samples; p of an exact "
        + "McNemar test where every problem is right or wrong on both sides, else of a paired permutation test, adjusted by Holm's method "
        + $"for {NumberText.Count(comparison.Tests, "test")}. "
        + (comparison.Margin > 0
            ? $"The same: the 90 % interval lies within {NumberText.Fixed(comparison.Margin)}. "
            : "No margin is stated, so nothing is called the same (--margin). ")
        + "Would tell: an estimate of the problems that would show a true difference of the size seen, with a power of 80 % in a single "
        + "test and as many samples of each problem.";

    static IEnumerable<ReportSection> Names(string heading, IEnumerable<string> names)
    {
        string list = string.Join(", ", names);
        return list.Length == 0 ? [] : [new ReportSection(heading, IsSummary: false, [new Paragraph(list)])];
    }
}
