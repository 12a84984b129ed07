using System.Text;
using Harness.Figures;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Records;
using Harness.Reports;
using Harness.Training;

namespace Harness.Results;

/// <summary>The committed files of an experiment as bytes: a pure function of its samples, its manifest and the model's shape.</summary>
public sealed record ExactFiles
{
    /// <summary>In the order of the report; a new stage adds its own here.</summary>
    static IReadOnlyList<IResultContributor> Contributors { get; } =
        [new SampleResults(), new AccuracyResults(), new ComparisonResults(), new FrontierResults(),
            new FitResults(), new VerifierResults(), new TruthResults()];

    const string ReadmeName = "README.md";

    /// <summary>Name and content, run.json last: it vouches for the others.</summary>
    public required IReadOnlyList<(string Name, byte[] Content)> Files { get; init; }

    /// <summary>Plots of today's renderer, where the committed ones were drawn by another and stay.</summary>
    public required IReadOnlyList<(string Name, byte[] Content)> OtherRenderersPlots { get; init; }

    public required Report Report { get; init; }

    /// <summary>The rows of frontier.csv; none where there is none.</summary>
    public required IReadOnlyList<FrontierRow> Frontier { get; init; }

    /// <param name="model">What analyses need of the model.</param>
    /// <param name="samples">Sorted and complete.</param>
    /// <param name="results">
    /// Folder of the committed files: a plot of another renderer that lies there is left alone while the rows behind it are the same.
    /// </param>
    /// <param name="redraw">Draws every plot with today's renderer.</param>
    public static ExactFiles Derive(
        ResolvedExperiment experiment, ModelRecord model, SampleFiles samples, string results, bool redraw = false)
    {
        AnalysedExperiment analysed = AnalysedExperiment.Of(experiment, model, samples);
        return Assemble(
            experiment, model, [.. Contributors.Select(contributor => contributor.Of(analysed))],
            [.. new ClosingNote().Of(analysed).Sections], results, redraw) with
        { Frontier = analysed.Frontier };
    }

    /// <summary>Those of an experiment that makes models.</summary>
    /// <param name="made">All of its models, to their last step, and what they judged.</param>
    /// <param name="results">As of samples.</param>
    /// <param name="redraw">As of samples.</param>
    public static ExactFiles Derive(
        ResolvedExperiment experiment, MadeModels made, string results, bool redraw = false)
    {
        TrainedExperiment all = new(
            experiment.Manifest, made.Models, made.Labels, made.Judged, train => ExperimentKey.OfTrunk(train, experiment.Inputs));
        return Assemble(experiment, null,
            [TrainingResults.Of(all), LabelResults.Of(all), EvaluationResults.Of(all), VerifierResults.Of(all), ModelLawResults.Of(all)],
            [TrainingResults.Closing(all)], results, redraw);
    }

    static ExactFiles Assemble(
        ResolvedExperiment experiment, ModelRecord? model, Contribution[] contributions, ReportSection[] closing, string results,
        bool redraw)
    {
        List<(string Name, byte[] Content)> files = [.. contributions.SelectMany(contribution => contribution.Files)], others = [];
        Figure[] figures = [.. contributions.SelectMany(contribution => contribution.Figures)];
        HashSet<string> moved = Moved(results, files);
        foreach (Figure figure in figures)
        {
            (string name, byte[] content) = (figure.FileName, Encoding.UTF8.GetBytes(figure.Svg));
            string committed = Path.Combine(results, name);
            bool keep = !redraw && !moved.Contains(SourceOf(name)) && File.Exists(committed)
                && FigureRenderer.ReadRenderer(committed) != FigureRenderer.Name;
            files.Add(keep ? (name, File.ReadAllBytes(committed)) : (name, content));
            if (keep)
                others.Add((name, content));
        }
        Report report = new(experiment.Manifest.Title,
        [
            .. contributions.SelectMany(contribution => contribution.Sections),
            new ReportSection("Figures", IsSummary: false, [.. figures.Select(figure => new Picture(figure.FileName))]),
            .. closing,
        ]);
        string note = $"Made by `dotnet build results/{experiment.Manifest.Name}` from its exact files; not edited by hand.";
        files.Add((ReadmeName, Encoding.UTF8.GetBytes(MarkdownReport.Write(report, note))));
        files.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        files.Add(
            (RunJson.FileName, RunJson.Write(
                experiment.Description, model, files.Select(file => (file.Name, Hashes.OfBytes(file.Content))))));
        return new ExactFiles { Files = files, OtherRenderersPlots = others, Report = report, Frontier = [] };
    }

    /// <summary>The file whose rows a figure draws.</summary>
    static string SourceOf(string figure) =>
        new[] { FrontierTable.Csv.FileName, TrainingTable.Csv.FileName, ModelLawTable.Csv.FileName, ModelAccuracyTable.Csv.FileName,
            CalibrationTable.Csv.FileName }
            .FirstOrDefault(table => figure.StartsWith(Path.GetFileNameWithoutExtension(table), StringComparison.Ordinal))
            ?? AccuracyTable.Csv.FileName;

    /// <summary>Names of the files that the last run.json vouches for with another content.</summary>
    static HashSet<string> Moved(string results, IEnumerable<(string Name, byte[] Content)> files)
    {
        string run = Path.Combine(results, RunJson.FileName);
        try
        {
            IReadOnlyDictionary<string, string> known = RunJson.OutputsOf(RunJson.Read(run));
            return
            [
                .. files.Where(file => known.TryGetValue(file.Name, out string? hash) && hash != Hashes.OfBytes(file.Content))
                    .Select(file => file.Name),
            ];
        }
        catch (HarnessException)
        {
            // Absent or unreadable: it vouches for nothing, and is written anew.
            return [];
        }
    }
}
