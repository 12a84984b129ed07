using Harness.Diagnostics;
using Harness.Identity;
using Harness.Kernels.Diagnostics;

namespace Harness.Comparison.Sources;

/// <summary>What a command line may name as a side of a comparison.</summary>
public static class ResultSources
{
    /// <summary>Where the experiments of a repository lie.</summary>
    public const string Folder = "results";

    /// <summary>The working tree of the repository that the current folder is in; "." is the same.</summary>
    public const string WorkTree = "worktree";

    /// <summary>
    /// The working tree; else the commit that a branch, a tag or an expression names; else a folder (a path with a separator is never
    /// taken for a branch where such a folder exists).
    /// </summary>
    /// <param name="named">What the command line says.</param>
    /// <param name="here">The current folder.</param>
    /// <exception cref="HarnessException"><see cref="Codes.UnknownCommit"/>; <see cref="Codes.ShallowClone"/>;
    /// <see cref="Codes.ResultsMissing"/>.</exception>
    public static IResultSource Open(string named, string here)
    {
        string root = ExperimentPaths.RepositoryRoot(here);
        if (named is "." or WorkTree)
            return new FolderResults(root, WorkTree) { IsWorkTree = true };
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(named, here));
        bool isFolder = Directory.Exists(folder);
        if (isFolder && (named.Contains('/') || Path.IsPathRooted(named) || named.Contains(Path.DirectorySeparatorChar)))
            return new FolderResults(folder, named);
        (GitRepository? repository, string refusal) = GitRepository.Find(root);
        if (repository?.Resolve(named) is { } commit)
            return new CommitResults(repository, commit, named);
        return isFolder ? new FolderResults(folder, named) : throw Unknown(named, root, repository, refusal);
    }

    /// <summary>The working tree, and the branches and tags of the repository that the current folder is in.</summary>
    public static IEnumerable<string> Names(string here) =>
        [WorkTree, .. GitRepository.Find(ExperimentPaths.RepositoryRoot(here)).Repository?.Names ?? []];

    static HarnessException Unknown(string named, string root, GitRepository? repository, string refusal) => repository is null
        ? Codes.UnknownCommit.With($"'{named}' is no folder, and no commit can be looked for: {refusal}")
        : repository.Lacks(named, root, "folder");
}
