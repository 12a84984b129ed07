using System.Text.Json.Nodes;
using Harness.Diagnostics;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.Experiments;

/// <summary>Whether committed results belong to today's manifest, model, data and arithmetic, and are whole.</summary>
public static class Staleness
{
    /// <summary>The reason to run, or null where results are up to date.</summary>
    public static string? Of(ResolvedExperiment experiment)
    {
        try
        {
            return Compare(RunJson.Read(experiment.Paths.RunJson), experiment);
        }
        catch (HarnessException unusable)
        {
            return unusable.Diagnostic != Codes.ResultsCorrupt ? unusable.Message : $"{Path.GetFileName(unusable.File)}: {unusable.Message}";
        }
    }

    /// <summary>The first part of the key that has changed since run.json was written.</summary>
    public static string? Difference(JsonObject run, ResolvedExperiment experiment)
    {
        JsonObject committed = (JsonObject)run.DeepClone();
        committed.Remove("key");
        committed.Remove("outputs");
        return RunJson.FirstDifference(committed, experiment.Canonical);
    }

    static string? Compare(JsonObject run, ResolvedExperiment experiment)
    {
        if (RunJson.KeyOf(run) != experiment.Key)
            return Difference(run, experiment) ?? "run.json bears another key";
        IReadOnlyDictionary<string, string> outputs = RunJson.OutputsOf(run);
        if (outputs.Count == 0)
            return "run.json lists no outputs";
        foreach ((string name, string hash) in outputs)
        {
            string path = Path.Combine(experiment.Paths.Results, name);
            if (!File.Exists(path) || Hashes.OfFile(path) != hash)
                return $"{name} is not what run.json says";
        }
        return null;
    }
}
