namespace Harness.Comparison.Sources;

/// <summary>What one commit changed of the files under a folder.</summary>
/// <param name="Commit">Its whole hash.</param>
/// <param name="HasParent">Whether the repository has a commit before it: of a shallow clone, the first one has none.</param>
/// <param name="Date">Of the commit, in its own time zone, as ISO 8601.</param>
/// <param name="Subject">The first line of its message.</param>
/// <param name="Files">The object of each changed file, by its path in the folder; null where the file is no longer there.</param>
sealed record FolderChange(
    string Commit, bool HasParent, string Date, string Subject, IReadOnlyDictionary<string, string?> Files)
{
    const char Mark = '\x01', Separator = '\t', Entry = ':';
    const string FileMode = "100";

    /// <summary>The option of git log that <see cref="Parse"/> reads, with --raw beside it.</summary>
    public const string Format = "--format=%x01%H%x09%P%x09%cI%x09%s";

    /// <param name="log">What git log prints.</param>
    /// <param name="prefix">The folder, with a slash at its end.</param>
    public static IReadOnlyList<FolderChange> Parse(string log, string prefix)
    {
        List<FolderChange> changes = [];
        Dictionary<string, string?> files = [];
        foreach (string line in log.Split('\n'))
        {
            if (line.StartsWith(Mark) && line[1..].Split(Separator, 4) is [string commit, string parents, string date, string subject])
                changes.Add(new FolderChange(commit, parents.Length > 0, date, subject, files = []));
            else if (line.StartsWith(Entry) && line.Split(Separator, 2) is [string about, string path]
                && path.StartsWith(prefix, StringComparison.Ordinal))
                files[path[prefix.Length..]] = ObjectOf(about[1..].Split(' '));
        }
        return changes;
    }

    /// <summary>Null of what is gone, and of links and submodules, which are no files.</summary>
    static string? ObjectOf(string[] about) =>
        about is [_, string mode, _, string hash, _] && mode.StartsWith(FileMode, StringComparison.Ordinal) ? hash : null;
}
