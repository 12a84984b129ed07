using Harness.Comparison.Sources;
using Harness.Records;

namespace Harness.History;

/// <summary>Reads the states of an experiment's results out of git's objects, and of the working tree.</summary>
/// <param name="repository">That holds the commits.</param>
/// <param name="objects">Its objects.</param>
/// <param name="root">The folder that results/ lies in.</param>
/// <param name="experiment">Its name.</param>
sealed class HistoryReader(GitRepository repository, GitObjects objects, string root, string experiment)
{
    readonly Dictionary<string, string> files = [];
    readonly List<HistoryPoint> points = [];

    string Folder => $"{ResultSources.Folder}/{experiment}";

    /// <summary>Whether any commit changed a file of the experiment.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>The oldest commit that this repository has, where that one already held the results; else null.</summary>
    public string? Boundary { get; private set; }

    /// <summary>
    /// A point for each commit that changed accuracy.csv or a throughput.csv, the oldest first, and one for the working tree where one of
    /// these files differs from the newest commit's.
    /// </summary>
    public IReadOnlyList<HistoryPoint> Read()
    {
        foreach (FolderChange change in repository.Changes(Folder))
        {
            IsKnown = true;
            Boundary ??= change.HasParent ? null : change.Commit;
            Apply(change);
            HashSet<string> changed = [.. change.Files.Keys.Where(HistoryPoint.IsRead)];
            if (changed.Count > 0)
                Add(change.Commit, change.Date, change.Subject, Committed(change.Commit), changed);
        }
        ExperimentState here = WorkTree(out IReadOnlySet<string> present);
        HashSet<string> edited = [.. files.Keys.Where(HistoryPoint.IsRead).Union(present).Where(file => IsEdited(file, here))];
        if (edited.Count > 0)
            Add(null, "", "", here, edited);
        return points;
    }

    void Apply(FolderChange change)
    {
        foreach ((string file, string? hash) in change.Files)
        {
            if (hash is null)
                files.Remove(file);
            else
                files[file] = hash;
        }
    }

    void Add(string? commit, string date, string subject, ExperimentState state, HashSet<string> changed) =>
        points.Add(new HistoryPoint { Commit = commit, Date = date, Subject = subject, Files = state }
            .Reading(points.Count > 0 ? points[^1] : null, changed));

    ExperimentState Committed(string commit)
    {
        Dictionary<string, string> now = new(files);
        return new ExperimentState(experiment, commit, now.Keys, file => objects.Read(now[file]),
            file => $"{GitRepository.Short(commit)}:{Folder}/{file}");
    }

    ExperimentState WorkTree(out IReadOnlySet<string> present)
    {
        string folder = Path.Combine(root, ResultSources.Folder, experiment);
        string[] all = !Directory.Exists(folder) ? [] : [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'))];
        present = all.Where(HistoryPoint.IsRead).ToHashSet();
        return new ExperimentState(experiment, null, all, Content, PathOf);

        string PathOf(string file) => Path.Combine(folder, file);

        byte[] Content(string file) => Storage.Reading(PathOf(file), () => File.ReadAllBytes(PathOf(file)));
    }

    bool IsEdited(string file, ExperimentState here)
    {
        byte[]? committed = files.TryGetValue(file, out string? hash) ? objects.Read(hash) : null, now = here.Read(file);
        return committed is null || now is null ? committed != now : !committed.AsSpan().SequenceEqual(now);
    }
}
