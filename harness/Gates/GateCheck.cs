using Harness.Comparison;
using Harness.Comparison.Sources;
using Harness.Diagnostics;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Records;

namespace Harness.Gates;

/// <summary>An experiment's gates against its committed files: no model, no data.</summary>
public sealed class GateCheck
{
    readonly Manifest manifest;
    readonly ExperimentPaths paths;
    readonly string? baseline;
    readonly FolderResults results;
    readonly string name;
    readonly Dictionary<string, IResultSource> sources = [];
    readonly Dictionary<string, ExperimentFiles> before = [];
    readonly Lazy<ExperimentFiles> now;

    GateCheck(Manifest manifest, ExperimentPaths paths, string? baseline)
    {
        (this.manifest, this.paths) = (manifest, paths);
        this.baseline = baseline is null ? null : FromHere(baseline);
        results = new FolderResults(paths.Results, manifest.Name);
        name = results.Experiments[0];
        now = new Lazy<ExperimentFiles>(() => new ExperimentFiles(results, name));
    }

    /// <summary>None for a run with overrides, whose results are not the experiment's.</summary>
    /// <param name="manifest">The experiment.</param>
    /// <param name="paths">Where its results lie.</param>
    /// <param name="baseline">Takes the place of every gate's Baseline; null leaves them.</param>
    /// <param name="stale">Why the results are not those of the manifest, so that no gate can tell; null where they are.</param>
    /// <exception cref="HarnessException">Results or a baseline are missing or can't be read.</exception>
    public static IReadOnlyList<GateOutcome> Of(Manifest manifest, ExperimentPaths paths, string? baseline = null, string? stale = null)
    {
        if (manifest.Gates.Count == 0 || manifest.Overrides.Count > 0)
            return [];
        if (stale is not null)
            return [.. manifest.Gates.Select(gate => GateOutcome.OfStale(gate, manifest.Name, stale))];
        GateCheck check = new(manifest, paths, baseline);
        return [.. manifest.Gates.Select(check.Of)];
    }

    GateOutcome Of(GateManifest gate)
    {
        bool isSpeed = gate.Metric == GateMetric.TokensPerSecond;
        IReadOnlyList<SpeedCheck.Measured> Rates() =>
            SpeedCheck.Now(paths.Artifacts, ExperimentKey.OfManifest(manifest), results, name);
        if (gate.EquivalentTo is null && gate.MaxRegression is null)
        {
            if (isSpeed)
                return new SpeedCheck(gate, name).WithinBounds(Rates());
            string file = AccuracyTable.Csv.FileName, path = results.PathOf(name, file);
            byte[] content = results.Read(name, file) ?? throw Codes.ResultsMissing.With($"{file} is missing", path);
            return BoundCheck.Of(gate, AccuracyTable.Csv.Parse(content, path), path);
        }
        IResultSource source = Open(gate.EquivalentTo ?? baseline ?? gate.Baseline, gate);
        bool isThere = source.Experiments.Contains(name);
        if (isSpeed)
        {
            return new SpeedCheck(gate, name).AgainstBaseline(
                Rates(), isThere ? source : null, source.Name);
        }
        if (!isThere)
        {
            return new GateOutcome(
                gate, GateVerdict.CannotTell, $"{source.Name} holds no results of {name}", "committed results there would tell");
        }
        if (!before.TryGetValue(source.Name, out ExperimentFiles? files))
            before.Add(source.Name, files = new ExperimentFiles(source, name));
        return BaselineCheck.Of(gate, files, now.Value, source.Name, manifest.Seed);
    }

    /// <summary>A folder on the command line is meant from where that was typed; a commit, of the experiment's repository.</summary>
    static string FromHere(string baseline)
    {
        bool isPath = baseline.Contains('/') || baseline.Contains(Path.DirectorySeparatorChar)
            || !ResultSources.Names(Environment.CurrentDirectory).Contains(baseline);
        string folder = Path.GetFullPath(baseline);
        return baseline != "." && isPath && Directory.Exists(folder) ? folder : baseline;
    }

    /// <summary>What a gate compares with, found from the experiment's folder.</summary>
    IResultSource Open(string named, GateManifest gate)
    {
        if (sources.TryGetValue(named, out IResultSource? known))
            return known;
        try
        {
            IResultSource source = ResultSources.Open(named, paths.Project);
            sources.Add(named, source);
            return source;
        }
        catch (HarnessException refused) when (refused.File is null)
        {
            throw refused.Diagnostic.With(
                $"gate '{gate.Name}': {refused.Message}", gate.Place.File, gate.Place.Line, gate.Place.Column, refused);
        }
    }
}
