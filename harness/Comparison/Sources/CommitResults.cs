using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Measurement;
using Harness.Records;

namespace Harness.Comparison.Sources;

/// <summary>Results as a commit holds them under results/, read from git's objects: the work tree is not touched.</summary>
sealed class CommitResults : IResultSource
{
    readonly GitRepository repository;

    /// <summary>The object of each file under results/, by its path there.</summary>
    readonly IReadOnlyDictionary<string, string> objects;

    /// <param name="repository">The one that has the commit.</param>
    /// <param name="commit">Its whole hash.</param>
    /// <param name="name">As the command line names it.</param>
    /// <exception cref="HarnessException"><see cref="Codes.ResultsMissing"/> where no results are in it.</exception>
    public CommitResults(GitRepository repository, string commit, string name)
    {
        this.repository = repository;
        Commit = commit;
        Name = commit.StartsWith(name, StringComparison.Ordinal) ? GitRepository.Short(commit) : $"{name} ({GitRepository.Short(commit)})";
        objects = repository.FilesUnder(commit, ResultSources.Folder);
        Experiments = [.. objects.Keys.Select(path => path.Split('/')).Where(parts => parts is [_, RunJson.FileName])
            .Select(parts => parts[0]).Order(StringComparer.Ordinal)];
        if (Experiments.Count == 0)
            throw Codes.ResultsMissing.With($"commit {Name} holds no {RunJson.FileName} of an experiment under {ResultSources.Folder}/");
    }

    public string Name { get; }

    public string? Commit { get; }

    public IReadOnlyList<string> Experiments { get; }

    public byte[]? Read(string experiment, string file) =>
        objects.TryGetValue($"{experiment}/{file}", out string? blob) ? repository.Blob(blob) : null;

    public string PathOf(string experiment, string file) =>
        $"{GitRepository.Short(Commit!)}:{ResultSources.Folder}/{experiment}/{file}";

    public IReadOnlyList<string> Machines(string experiment) =>
    [
        .. objects.Keys.Select(path => path.Split('/'))
            .Where(parts => parts is [_, MachineRecords.Folder, _, _] && parts[0] == experiment && parts[3] == ThroughputTable.Csv.FileName)
            .Select(parts => parts[2]).Order(StringComparer.Ordinal),
    ];
}
