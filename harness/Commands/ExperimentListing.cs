using Harness.Experiments;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Records;
using Harness.Registry;

namespace Harness.Commands;

/// <summary>One experiment of results/ as it stands.</summary>
/// <param name="About">Its title.</param>
/// <param name="State">up-to-date, stale, not-run, absent (its model or data is not on this machine) or wrong (its manifest).</param>
/// <param name="Reason">Why; null where it is up to date and nothing was left out of the comparison.</param>
sealed record ListedExperiment(string Name, string About, string State, string? Reason);

/// <summary>
/// Says of each experiment whether its results are those of today's manifest, model and data, without running anything. A manifest
/// that a build has resolved since its last edit is read from artifacts/, and a large model is assumed to be the one that run.json names.
/// </summary>
static class ExperimentListing
{
    /// <param name="results">The folder of all experiments.</param>
    /// <returns>By name.</returns>
    public static IReadOnlyList<ListedExperiment> Of(string results)
    {
        if (!Directory.Exists(results))
            return [];
        string[] projects = [.. Directory.EnumerateDirectories(results).Order(StringComparer.Ordinal)
            .Select(folder => Path.Combine(folder, $"{Path.GetFileName(folder)}.proj")).Where(File.Exists)];
        ListedExperiment[] listed = new ListedExperiment[projects.Length];
        ParallelOptions options = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, projects.Length, options, i => listed[i] = Examine(projects[i]));
        return listed;
    }

    static ListedExperiment Examine(string project)
    {
        string name = Path.GetFileNameWithoutExtension(project), runJson = Path.Combine(Path.GetDirectoryName(project)!, RunJson.FileName);
        string title = "";
        try
        {
            title = ProjectXml.Read(project).Children("PropertyGroup")
                .LastOrDefault(element => element.Name.LocalName == "Title")?.Value ?? "";
            if (!File.Exists(runJson))
                return new ListedExperiment(name, title, "not-run", "it has not been run yet");
            ModelHashes hashes = new(runJson);
            ResolvedExperiment experiment = ResolvedExperiment.Resolve(Manifest(project), Registered.All, hashes.Of);
            string? stale = Staleness.Of(experiment);
            string? reason = stale ?? (hashes.IsAssumed ? "its model is large and was not hashed" : null);
            return new ListedExperiment(name, title, stale is null ? "up-to-date" : "stale", reason);
        }
        catch (Exception failure) when (ProjectFailure.IsExpected(failure))
        {
            HarnessException? absent = AbsentInputs.Of(failure);
            HarnessException first = absent ?? ManifestException.FailuresOf(failure).First(mistake => !AbsentInputs.Is(mistake));
            return new ListedExperiment(name, title, absent is null ? "wrong" : "absent", $"{first.Diagnostic.Code}: {first.Message}");
        }
    }

    static RawManifest Manifest(string project)
    {
        string root = ExperimentPaths.RepositoryRoot(Path.GetDirectoryName(project)!);
        string resolved = Path.Combine(root, "artifacts", Path.GetFileNameWithoutExtension(project), "manifest.json");
        string build = Path.Combine(root, "harness", "build");
        IEnumerable<string> definitions = Directory.Exists(build) ? Directory.EnumerateFiles(build) : [];
        DateTime edited = definitions.Append(project).Max(File.GetLastWriteTimeUtc);
        return File.Exists(resolved) && File.GetLastWriteTimeUtc(resolved) > edited
            ? ManifestFile.Read(resolved)
            : MsBuildManifest.Resolve(project, []);
    }
}
