using Harness.Comparison.Sources;
using Harness.Diagnostics;
using Harness.Figures;
using Harness.Kernels.Diagnostics;
using Harness.Reports;

namespace Harness.Pages;

/// <summary>
/// The results of one commit, one folder or the working tree as one report: a pure function of the committed files, which needs neither
/// model nor data.
/// </summary>
/// <param name="Figures">By the names that its pictures have.</param>
public sealed record ResultsReport(Report Report, IReadOnlyList<Figure> Figures)
{
    /// <param name="names">The experiments that are asked for; all where none is named.</param>
    /// <param name="plots">Whether figures are drawn.</param>
    /// <exception cref="HarnessException"><see cref="Codes.NoSuchExperiment"/>; <see cref="Codes.ResultsMissing"/>;
    /// <see cref="Codes.ResultsCorrupt"/>.</exception>
    public static ResultsReport Of(IResultSource source, IReadOnlyList<string> names, bool plots)
    {
        CommittedExperiment[] experiments =
            [.. source.Experiments.Intersect(names.Count == 0 ? source.Experiments : names).Union(names)
                .Select(name => CommittedExperiment.Find(source, name))];
        Dictionary<string, IReadOnlyList<Figure>> figures =
            experiments.ToDictionary(experiment => experiment.Name, experiment => plots ? CommittedFigures.Of(experiment) : []);
        ReportSection[] machines = experiments.All(experiment => experiment.Machines.Count == 0) ? []
            : [new ReportSection("Machines", IsSummary: false, [new Table(MachineTables.Machines(experiments))])];
        Report report = new($"Results of {source.Name}",
        [
            new ReportSection(null, IsSummary: true, [.. Summary(experiments)]),
            .. experiments.SelectMany(experiment => ExperimentSections.Of(experiment, figures[experiment.Name])),
            .. machines,
        ]);
        return new ResultsReport(report, [.. figures.Values.SelectMany(drawn => drawn)]);
    }

    static IEnumerable<ReportBlock> Summary(CommittedExperiment[] experiments)
    {
        int machines = experiments.SelectMany(experiment => experiment.Machines).Select(machine => machine.Name).Distinct().Count();
        yield return new Paragraph($"{NumberText.Count(experiments.Length, "experiment")}, "
            + $"{NumberText.Count(experiments.Sum(experiment => experiment.Pools.Count), "pool")} of samples, "
            + $"{NumberText.Count(experiments.Sum(experiment => experiment.Accuracy.Count), "estimate")}, "
            + $"measured on {NumberText.Count(machines, "machine")}.");
        foreach (CommittedExperiment experiment in experiments)
            yield return new Entry(experiment.Name, ExperimentSections.Headline(experiment));
    }
}
