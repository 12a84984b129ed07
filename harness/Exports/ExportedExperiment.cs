using System.Globalization;
using Harness.Comparison;
using Harness.Comparison.Sources;
using Harness.Diagnostics;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.Exports;

/// <summary>An experiment's committed files as they lie in the working tree, and the commit that they are.</summary>
sealed class ExportedExperiment
{
    static readonly string[] Exported =
        [SampleTable.Csv.FileName, AccuracyTable.Csv.FileName, ProblemTable.Csv.FileName, RewardTable.Csv.FileName];

    readonly ILookup<(string, int, int), RewardRow> rewards;

    ExportedExperiment(string name, ExperimentFiles files)
    {
        (Name, Files) = (name, files);
        rewards = files.Samples.Rewards.ToLookup(row => (row.Pool, row.Problem, row.Sample));
        Golds = files.Samples.Problems.Where(row => row.Gold.Length > 0).ToDictionary(row => (row.Pool, row.Problem), row => row.Gold);
    }

    public string Name { get; }

    public ExperimentFiles Files { get; }

    /// <summary>Right answers by pool and problem; of schema 1, and of tasks whose right answers differ, there are none.</summary>
    public IReadOnlyDictionary<(string Pool, int Problem), string> Golds { get; }

    /// <summary>The short hash of the newest commit that changed the experiment; "worktree" where the files are no commit's.</summary>
    public string Version { get; private init; } = ResultSources.WorkTree;

    /// <summary>Of that commit, in UTC; 1970 where the files are no commit's, since no export holds the time of its making.</summary>
    public DateTime Time { get; private init; } = DateTime.UnixEpoch;

    /// <summary>Of each scored sample, by its verifier.</summary>
    public IEnumerable<RewardRow> RewardsOf(SampleRow row) => rewards[(row.Pool, row.Problem, row.Sample)];

    /// <param name="experiment">Its name.</param>
    /// <param name="here">The current folder.</param>
    /// <exception cref="HarnessException"><see cref="Codes.NoSuchExperiment"/>; <see cref="Codes.ResultsMissing"/>;
    /// <see cref="Codes.ResultsCorrupt"/>.</exception>
    public static ExportedExperiment Read(string experiment, string here)
    {
        IResultSource source = ResultSources.Open(ResultSources.WorkTree, here);
        if (!source.Experiments.Contains(experiment))
        {
            throw Codes.NoSuchExperiment.With($"the working tree has no results of '{experiment}'"
                + NearestName.Hint(experiment, source.Experiments));
        }
        (string Version, DateTime Time)? commit = CommitOf(experiment, source, ExperimentPaths.RepositoryRoot(here));
        return new ExportedExperiment(experiment, new ExperimentFiles(source, experiment))
        {
            Version = commit?.Version ?? ResultSources.WorkTree,
            Time = commit?.Time ?? DateTime.UnixEpoch,
        };
    }

    static (string, DateTime)? CommitOf(string experiment, IResultSource source, string root)
    {
        if (GitRepository.Find(root).Repository is not { } repository
            || repository.Changes($"{ResultSources.Folder}/{experiment}") is not [.., FolderChange newest])
            return null;
        IReadOnlyDictionary<string, string> committed = repository.FilesUnder(newest.Commit, $"{ResultSources.Folder}/{experiment}");
        foreach (string file in Exported)
        {
            byte[]? here = source.Read(experiment, file);
            byte[]? there = committed.TryGetValue(file, out string? hash) ? repository.Blob(hash) : null;
            if (here is null != there is null || !here.AsSpan().SequenceEqual(there))
                return null;
        }
        return (GitRepository.Short(newest.Commit),
            DateTimeOffset.Parse(newest.Date, CultureInfo.InvariantCulture).UtcDateTime);
    }
}
