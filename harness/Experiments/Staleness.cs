using System.Text.Json.Nodes;
using Harness.Diagnostics;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Records;
using Harness.Registry;

namespace Harness.Experiments;

/// <summary>Whether committed results belong to today's manifest, model, data and arithmetic, and are whole.</summary>
public static class Staleness
{
    const string OtherKeys = "run.json has other keys";

    /// <summary>The reason to run, or null where results are up to date.</summary>
    public static string? Of(ResolvedExperiment experiment) => Find(experiment)?.Reason;

    /// <summary>What must be made again; null where results are up to date.</summary>
    public static StaleParts? Find(ResolvedExperiment experiment)
    {
        try
        {
            return Compare(RunJson.Read(experiment.Paths.RunJson), experiment);
        }
        catch (HarnessException unusable)
        {
            return All(
                experiment,
                unusable.Diagnostic != Codes.ResultsCorrupt ? unusable.Message : $"{Path.GetFileName(unusable.File)}: {unusable.Message}");
        }
    }

    /// <summary>
    /// Why the numbers of committed results are not those of today's manifest; null where they are. A model or data that is not on this
    /// machine, or too large to be read for this, is taken to be the one that the results were made of.
    /// </summary>
    /// <exception cref="HarnessException">A wrong manifest; a model or data that can't be read; run.json is missing or none.</exception>
    /// <exception cref="ManifestException">Several of them.</exception>
    public static string? OfNumbers(RawManifest raw, Registered registered)
    {
        Manifest manifest = ManifestReader.Read(raw, registered);
        string runJson = ExperimentPaths.Of(manifest, raw.Placement.GetValueOrDefault("Artifacts")).RunJson;
        JsonObject run = RunJson.Read(runJson);
        try
        {
            return Find(ResolvedExperiment.Resolve(raw, registered, new ModelHashes(runJson).Of)) is { OnlyShown: false } stale
                ? stale.Reason : null;
        }
        catch (Exception failure) when (AbsentInputs.Of(failure) is not null)
        {
            // Where the manifest asks for the same pools, the hashes of run.json stand for what is absent.
            return Difference(run, CommittedInputs.DescribeManifest(run, manifest), "manifest") ?? OtherKeys;
        }
    }

    /// <summary>The first difference between what run.json was written for and today's experiment, in what the keys are made of.</summary>
    public static string? Difference(JsonObject run, ResolvedExperiment experiment) =>
        Difference(run, experiment.Description, "inputs", "manifest", "versions");

    static string? Difference(JsonObject run, JsonObject described, params IReadOnlyList<string> parts)
    {
        JsonObject committed = new(), now = new();
        foreach (string part in parts)
        {
            committed[part] = run[part]?.DeepClone();
            now[part] = described[part]?.DeepClone();
        }
        return RunJson.FirstDifference(committed, now);
    }

    static StaleParts? Compare(JsonObject run, ResolvedExperiment experiment)
    {
        Manifest manifest = experiment.Manifest;
        if (manifest.IsTraining)
            return CompareModels(run, experiment);
        IReadOnlyDictionary<string, string> keys = RunJson.PoolKeysOf(run), outputs = RunJson.OutputsOf(run);
        if (keys.Count == 0)
            return All(experiment, "run.json has no keys of pools: it is of an earlier schema");
        if (Changed(experiment, outputs, SampleFiles.Names) is { } samples)
            return All(experiment, samples);
        HashSet<string> pools =
        [
            .. manifest.Pools.Where(pool => keys.GetValueOrDefault(pool.Name) != ExperimentKey.OfPool(manifest, pool, experiment.Inputs))
                .Select(pool => pool.Name),
        ];
        bool stale = pools.Count > 0 || keys.Count != manifest.Pools.Count
            || RunJson.AnalysisKeyOf(run) != ExperimentKey.OfAnalysis(manifest, experiment.Inputs);
        if ((stale ? Difference(run, experiment) ?? OtherKeys : Changed(experiment, outputs, outputs.Keys.Where(IsTable))) is { } moved)
            return new StaleParts(pools, moved);
        string? shown = Changed(experiment, outputs, outputs.Keys) ?? OtherTitle(run, manifest);
        return shown is null ? null : new StaleParts(pools, shown) { OnlyShown = true };
    }

    /// <summary>Of an experiment that makes models: all of it is of their bytes.</summary>
    static StaleParts? CompareModels(JsonObject run, ResolvedExperiment experiment)
    {
        Manifest manifest = experiment.Manifest;
        IReadOnlyDictionary<string, string> keys = RunJson.ModelKeysOf(run), outputs = RunJson.OutputsOf(run);
        bool stale = keys.Count != manifest.Trains.Count
            || manifest.Trains.Any(train => keys.GetValueOrDefault(train.Name) != ExperimentKey.OfTraining(train, experiment.Inputs));
        IReadOnlyDictionary<string, string> asked = RunJson.EvaluationKeysOf(run);
        stale |= asked.Count != manifest.Evaluations.Count;
        stale |= manifest.Evaluations.Any(evaluation => asked.GetValueOrDefault(evaluation.Name) != ExperimentKey.OfEvaluation(
            manifest, evaluation, experiment.Inputs.Evaluations[evaluation.Name], experiment.Inputs.Answers));
        if (stale)
            return All(experiment, Difference(run, experiment) ?? OtherKeys);
        // These tables are of the models' bytes and answers; all others are computed from them.
        string[] made =
        [
            TrainingTable.Csv.FileName, ValidationTable.Csv.FileName, EvaluationTable.Csv.FileName, LabelTable.Csv.FileName,
            .. SampleFiles.Names,
        ];
        bool IsShown(string file) => !made.Contains(file) && !file.Contains('/');
        if (FirstChanged(experiment, outputs, outputs.Keys.Where(file => !IsShown(file))) is { } moved)
            return All(experiment, moved);
        if (!outputs.ContainsKey(TrainingTable.Csv.FileName))
            return All(experiment, $"run.json lists no {TrainingTable.Csv.FileName}");
        // No model's bytes depend on what else differs: an order, who learns from what, a version of the analysis.
        string? shown = FirstChanged(experiment, outputs, outputs.Keys.Where(IsShown)) ?? OtherTitle(run, manifest)
            ?? Difference(run, experiment)
            ?? (RunJson.AnalysisKeyOf(run) != ExperimentKey.OfAnalysis(manifest, experiment.Inputs) ? OtherKeys : null);
        return shown is null ? null : new StaleParts(new HashSet<string>(), shown) { OnlyShown = true };
    }

    static string? OtherTitle(JsonObject run, Manifest manifest) =>
        run["manifest"]?["title"]?.ToString() != manifest.Title ? "the title has changed" : null;

    static bool IsTable(string file) => file.EndsWith(".csv", StringComparison.Ordinal);

    /// <summary>The first of these files that is not what run.json says; those that it does not list are left out.</summary>
    static string? Changed(ResolvedExperiment experiment, IReadOnlyDictionary<string, string> outputs, IEnumerable<string> names) =>
        FirstChanged(experiment, outputs, names)
            ?? (outputs.ContainsKey(SampleTable.Csv.FileName) ? null : "run.json lists no samples.csv");

    static string? FirstChanged(ResolvedExperiment experiment, IReadOnlyDictionary<string, string> outputs, IEnumerable<string> names)
    {
        foreach (string name in names.Where(outputs.ContainsKey))
        {
            string path = Path.Combine(experiment.Paths.Results, name);
            if (!File.Exists(path) || Hashes.OfFile(path) != outputs[name])
                return $"{name} is not what run.json says";
        }
        return null;
    }

    static StaleParts All(ResolvedExperiment experiment, string reason) =>
        new(experiment.Manifest.Pools.Select(pool => pool.Name).ToHashSet(StringComparer.Ordinal), reason);
}
