using System.Text.Json.Nodes;
using Harness.Diagnostics;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Measurement;
using Harness.Pools;
using Harness.Records;

namespace Harness.Comparison.Sources;

/// <summary>
/// Results in a folder: a checkout, whose results/ holds them, a folder of experiments, or the results of one experiment. One experiment
/// has the name that its run.json gives it, since a run with overrides writes into a folder of another name.
/// </summary>
sealed class FolderResults : IResultSource
{
    readonly SortedDictionary<string, string> folders = new(StringComparer.Ordinal);

    /// <param name="folder">It exists.</param>
    /// <param name="name">As the command line names it.</param>
    /// <exception cref="HarnessException"><see cref="Codes.ResultsMissing"/> where no results are in it.</exception>
    public FolderResults(string folder, string name)
    {
        Commit = Records.Commit.Describe(folder);
        Name = Commit is null ? name : $"{name} ({GitRepository.Short(Commit)})";
        if (File.Exists(Path.Combine(folder, RunJson.FileName)))
            folders.Add(NameOf(folder), folder);
        string results = Path.Combine(folder, ResultSources.Folder);
        foreach (string child in Children(Directory.Exists(results) && folders.Count == 0 ? results : folder))
            folders.TryAdd(Path.GetFileName(child), child);
        if (folders.Count == 0)
            throw Codes.ResultsMissing.With($"'{name}' holds no {RunJson.FileName} of an experiment", folder);
    }

    public string Name { get; }

    /// <summary>Whether it is the working tree of the repository that the command was typed in.</summary>
    public bool IsWorkTree { get; init; }

    public string? Commit { get; }

    public IReadOnlyList<string> Experiments => [.. folders.Keys];

    public byte[]? Read(string experiment, string file)
    {
        string path = PathOf(experiment, file);
        return File.Exists(path) ? Storage.Reading(path, () => File.ReadAllBytes(path)) : null;
    }

    public string PathOf(string experiment, string file) => Path.Combine(folders[experiment], file);

    /// <summary>
    /// Of an experiment under results/ from artifacts/ of the same checkout; of a run with overrides from its own folder.
    /// </summary>
    public IReadOnlyList<int>? Tokens(string experiment, SampleRow sample)
    {
        string results = folders[experiment], log = $"{sample.Pool}.generations";
        string[] places =
        [
            Path.Combine(results, log),
            Path.Combine(ExperimentPaths.RepositoryRoot(results), "artifacts", Path.GetFileName(results), log),
        ];
        return places.SelectMany(place => KeptSamples.OfRows(place, [sample])).FirstOrDefault()?.Generation.Tokens;
    }

    public IReadOnlyList<string> Machines(string experiment)
    {
        string machines = PathOf(experiment, MachineRecords.Folder);
        return !Directory.Exists(machines) ? [] : [.. Directory.EnumerateDirectories(machines)
            .Where(machine => File.Exists(Path.Combine(machine, ThroughputTable.Csv.FileName)))
            .Select(machine => Path.GetFileName(machine)).Order(StringComparer.Ordinal)];
    }

    static IEnumerable<string> Children(string folder) =>
        Directory.EnumerateDirectories(folder).Where(child => File.Exists(Path.Combine(child, RunJson.FileName)));

    static string NameOf(string folder)
    {
        JsonNode? name = (RunJson.Read(Path.Combine(folder, RunJson.FileName))["manifest"] as JsonObject)?["name"];
        return name?.ToString() is { Length: > 0 } stated ? stated : Path.GetFileName(folder);
    }
}
