using System.Globalization;
using Harness.Figures;
using Harness.Records;
using Harness.Reports;
using Harness.Results;

namespace Harness.Pages;

/// <summary>
/// The sections about one experiment: those of its own report, as its run wrote it, its figures first; then each estimate with its
/// interval, its measurements, and where it comes from.
/// </summary>
static class ExperimentSections
{
    const string Figures = "Figures";

    public static IEnumerable<ReportSection> Of(CommittedExperiment experiment, IReadOnlyList<Figure> figures)
    {
        string machines = $"{experiment.Name}/machines/";
        Picture[] own = [.. figures.Where(figure => !figure.FileName.StartsWith(machines, StringComparison.Ordinal)).Select(Shown)];
        List<ReportBlock> first = [new Paragraph($"{experiment.Title}."), .. Integrity(experiment)];
        ReportSection[] read = experiment.Readme is { } readme ? [.. readme.Sections] : [.. FromRows(experiment)];
        first.AddRange(read.Where(section => section.Heading is null).SelectMany(section => section.Blocks));
        yield return new ReportSection(experiment.Name, IsSummary: false, [.. first, .. own]);
        foreach (ReportSection section in read.Where(section => section.Heading is not (null or Figures)))
            yield return section with { Level = 3, IsSummary = false };
        if (experiment.Accuracy.Count > 0)
            yield return Part("Every estimate", new Table(Estimates(experiment.Accuracy)));
        if (experiment.Machines.Any(machine => machine.Throughput.Count > 0))
        {
            yield return Part("Throughput by machine",
            [
                new Paragraph("Medians of repeated runs; no part of the exact results."), new Table(MachineTables.Throughput(experiment)),
                .. figures.Where(figure => figure.FileName.StartsWith(machines, StringComparison.Ordinal)).Select(Shown),
            ]);
        }
        yield return Part("Where it comes from", new Table(Lineage.Of(experiment)));
    }

    /// <summary>The first sentence of its report; where there is none, what it has.</summary>
    public static string Headline(CommittedExperiment experiment) =>
        experiment.Readme?.Sections.FirstOrDefault(section => section.Heading is null)?.Blocks.OfType<Paragraph>().FirstOrDefault()?.Text
        ?? $"{NumberText.Count(experiment.Accuracy.Count, "row")} of accuracy, and no report.";

    static ReportSection Part(string heading, params ReportBlock[] blocks) => new(heading, IsSummary: false, blocks) { Level = 3 };

    static Picture Shown(Figure figure) => new(figure.FileName);

    static IEnumerable<Warning> Integrity(CommittedExperiment experiment) => experiment.Moved.Count == 0 ? []
        : [new Warning($"{string.Join(", ", experiment.Moved)} {(experiment.Moved.Count == 1 ? "is not the file" : "are not the files")} "
            + "that run.json lists: the results were changed after their run.")];

    static IEnumerable<ReportSection> FromRows(CommittedExperiment experiment)
    {
        if (AccuracyResults.Overview(experiment.Accuracy) is { } overview)
            yield return new ReportSection(null, IsSummary: true, [new Table(overview)]);
        if (experiment.Comparisons.Count > 0)
            yield return ComparisonResults.Section(experiment.Comparisons);
        if (experiment.Frontier.Count > 0)
            yield return FrontierResults.Section(experiment.Frontier);
        if (experiment.Fits.Count > 0)
            yield return FitResults.Section(experiment.Fits);
    }

    static TextTable Estimates(IReadOnlyList<AccuracyRow> rows)
    {
        TextTable table = new(
            TextTable.Left("pool"), TextTable.Left("strategy"), TextTable.Right("multiplier"), TextTable.Right("difficulty"),
            TextTable.Right("problems"), TextTable.Right("accuracy (95 %)"), TextTable.Right("chance"), TextTable.Right("tokens"),
            TextTable.Right("operations"));
        foreach (AccuracyRow row in rows)
        {
            table.Add(
                row.Pool, row.IsUpperBound ? $"{row.Strategy} (upper bound)" : row.Strategy, $"{CsvFields.Write(row.Multiplier)}x",
                row.Difficulty, CsvFields.Write(row.Problems),
                double.IsNaN(row.Accuracy) ? ""
                    : $"{NumberText.Fixed(row.Accuracy)} ({NumberText.Fixed(row.CiLow)} to {NumberText.Fixed(row.CiHigh)})",
                Known(row.Chance, "0.000"), Known(row.Tokens, "0.#"), Known(row.Flops, "0.###e0"));
        }
        return table;
    }

    static string Known(double value, string format) =>
        double.IsNaN(value) ? "" : value.ToString(format, CultureInfo.InvariantCulture);
}
