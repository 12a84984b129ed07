using System.Text;
using Harness.Analysis;
using Harness.Figures;
using Harness.Identity;
using Harness.Kernels.Configuration;
using Harness.Manifests;
using Harness.Records;
using Harness.Reports;
using Harness.Samples;

namespace Harness.Experiments;

/// <summary>The committed files of an experiment as bytes: a pure function of its samples, its manifest and the model's shape.</summary>
public sealed record ExactFiles
{
    /// <summary>Name and content, run.json last: it vouches for the others.</summary>
    public required IReadOnlyList<(string Name, byte[] Content)> Files { get; init; }

    /// <summary>Plots of today's renderer, where the committed ones were drawn by another and stay.</summary>
    public required IReadOnlyList<(string Name, byte[] Content)> OtherRenderersPlots { get; init; }

    public required IReadOnlyList<AccuracyRow> Accuracy { get; init; }

    /// <param name="samples">Sorted by (pool, problem, sample).</param>
    /// <param name="results">Folder of the committed files: a plot of another renderer that lies there is left alone.</param>
    /// <param name="redraw">Draws every plot with today's renderer.</param>
    public static ExactFiles Derive(
        ResolvedExperiment experiment, ModelConfig model, IReadOnlyList<SampleRow> samples, string results, bool redraw = false)
    {
        Manifest manifest = experiment.Manifest;
        IReadOnlyDictionary<PoolManifest, ProblemSamples[]> pools = Estimates.PoolsOf(manifest, samples);
        IReadOnlyList<AccuracyRow> accuracy = Estimates.Of(manifest, model, pools);
        IReadOnlyList<ComparisonRow> comparisons = PairedComparisons.Of(manifest, pools);
        (string Name, byte[] Content)[] plots =
            [.. ExperimentFigures.Draw(accuracy, manifest.Title).Select(plot => (plot.FileName, Encoding.UTF8.GetBytes(plot.Svg)))];
        List<(string Name, byte[] Content)> files =
        [
            (SampleTable.Csv.FileName, SampleTable.Csv.Write(samples)),
            (AccuracyTable.Csv.FileName, AccuracyTable.Csv.Write(accuracy)),
        ];
        if (comparisons.Count > 0)
            files.Add((ComparisonTable.Csv.FileName, ComparisonTable.Csv.Write(comparisons)));
        List<(string Name, byte[] Content)> others = [];
        foreach ((string name, byte[] content) in plots)
        {
            string committed = Path.Combine(results, name);
            bool keep = !redraw && File.Exists(committed) && FigureRenderer.ReadRenderer(committed) != FigureRenderer.Name;
            files.Add(keep ? (name, File.ReadAllBytes(committed)) : (name, content));
            if (keep)
                others.Add((name, content));
        }
        files.Add((ExperimentReadme.FileName,
            ExperimentReadme.Write(manifest, experiment.Inputs.ModelName, accuracy, comparisons, [.. plots.Select(plot => plot.Name)])));
        files.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        files.Add((RunJson.FileName, RunJson.Write(experiment.Canonical, experiment.Key, files.Select(file => (file.Name, Hashes.OfBytes(file.Content))))));
        return new ExactFiles { Files = files, OtherRenderersPlots = others, Accuracy = accuracy };
    }
}
