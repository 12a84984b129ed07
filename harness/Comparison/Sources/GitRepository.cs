using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Comparison.Sources;

/// <summary>What a comparison reads of a git repository, through the program git.</summary>
sealed class GitRepository
{
    const int ShortLength = 7;
    const string FileEntry = "blob", LinkMode = "120000";

    readonly string root;

    GitRepository(string root) => this.root = root;

    /// <summary>Null, and why, where the folder is in no repository, git refuses to read it, or git is not there.</summary>
    public static (GitRepository? Repository, string Refusal) Find(string folder)
    {
        GitRepository repository = new(folder);
        try
        {
            (int status, _, string error) = repository.Run("rev-parse", "--git-dir");
            return status == 0 ? (repository, "") : (null, $"git says of {folder}: {error.Split('\n')[0]}");
        }
        catch (Win32Exception)
        {
            return (null, "git is not on the PATH");
        }
    }

    /// <summary>A commit's hash as people write it; "-dirty" at its end stays.</summary>
    public static string Short(string commit) => commit.Length <= ShortLength ? commit
        : commit[..ShortLength] + (commit.EndsWith("-dirty", StringComparison.Ordinal) ? "-dirty" : "");

    /// <summary>Whether it lacks commits that its origin has.</summary>
    public bool IsShallow => Text("rev-parse", "--is-shallow-repository") == "true";

    /// <summary>Names of branches and tags.</summary>
    public IReadOnlyList<string> Names =>
        Text("for-each-ref", "--format=%(refname:short)").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The whole hash of the commit that a branch, a tag or an expression such as HEAD~5 names; null where none is.</summary>
    public string? Resolve(string name)
    {
        (int status, byte[] output, _) = Run("rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}");
        return status == 0 ? Encoding.UTF8.GetString(output).Trim() : null;
    }

    /// <summary>What is said of a name that <see cref="Resolve"/> does not know.</summary>
    /// <param name="name">As the command line has it.</param>
    /// <param name="root">What messages call this repository.</param>
    /// <param name="otherwise">What else the name might have been and is not, such as "folder"; null for nothing.</param>
    public HarnessException Lacks(string name, string root, string? otherwise = null)
    {
        if (IsShallow)
        {
            return Codes.ShallowClone.With(
                $"'{name}' is no {(otherwise is null ? "" : $"{otherwise}, and no ")}commit that this shallow clone has: fetch its "
                + "history (`git fetch --unshallow`; in a GitHub workflow, `fetch-depth: 0` of actions/checkout)");
        }
        string hint = NearestName.Find(name, Names) is { } nearest ? $"; did you mean '{nearest}'?" : "";
        return Codes.UnknownCommit.With(
            $"'{name}' is no commit, tag or branch of {root}{(otherwise is null ? "" : $", and no {otherwise}")}{hint}");
    }

    /// <summary>
    /// The objects of the files under a folder beside this one (which may lie below the top of git's tree), by their paths in that folder.
    /// </summary>
    public IReadOnlyDictionary<string, string> FilesUnder(string commit, string folder)
    {
        Dictionary<string, string> files = [];
        string prefix = folder + "/";
        foreach (string entry in Text("ls-tree", "-r", "-z", commit, "--", prefix).Split('\0'))
        {
            if (entry.Split('\t', 2) is [string about, string path] && about.Split(' ') is [not LinkMode, FileEntry, string hash])
                files.Add(path[prefix.Length..], hash);
        }
        return files;
    }

    /// <summary>
    /// The commits that changed files under a folder beside this one, the oldest first: those of this branch itself, where a merge is what
    /// it brought. Renames are not followed.
    /// </summary>
    public IReadOnlyList<FolderChange> Changes(string folder) => Resolve("HEAD") is null ? [] : FolderChange.Parse(
        Text("--literal-pathspecs", "-c", "core.quotePath=false", "-c", "log.showRoot=true", "-c", "log.follow=false", "log",
            "--first-parent", "--diff-merges=first-parent", "--reverse", "--raw", "--no-renames", "--no-abbrev", "--relative",
            "--no-show-signature", "--encoding=UTF-8", FolderChange.Format, "HEAD", "--", folder + "/"), folder + "/");

    /// <summary>The commits of this branch itself that are not in a commit's history.</summary>
    /// <param name="commit">Its whole hash.</param>
    public IReadOnlySet<string> CommitsAfter(string commit) =>
        Text("rev-list", "--first-parent", "HEAD", "^" + commit).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet();

    /// <summary>Where this folder lies in git's tree, with a slash at the end; empty at its top.</summary>
    public string Prefix => Text("rev-parse", "--show-prefix");

    /// <summary>A checkout of a commit beside this one, on no branch. No hook of the repository is run.</summary>
    public void AddWorktree(string folder, string commit) =>
        Successful("-c", "core.hooksPath=/dev/null", "worktree", "add", "--quiet", "--detach", folder, commit);

    /// <summary>Removes one with everything in it, one that was never finished too.</summary>
    public void RemoveWorktree(string folder)
    {
        // Forced twice: what an interrupted checkout leaves is locked.
        string[] remove = ["worktree", "remove", "--force", "--force", folder];
        if (Run(remove).Status == 0 || !Directory.Exists(folder))
            return;
        Directory.Delete(folder, recursive: true);
        _ = Run(remove);
    }

    /// <summary>Reads many objects in one process.</summary>
    public GitObjects OpenObjects() => new(root);

    /// <summary>An object's bytes as they were committed, whatever line endings the work tree has.</summary>
    public byte[] Blob(string hash) => Successful("cat-file", FileEntry, hash);

    string Text(params string[] arguments) => Encoding.UTF8.GetString(Successful(arguments)).TrimEnd('\n');

    byte[] Successful(params string[] arguments)
    {
        (int status, byte[] output, string error) = Run(arguments);
        return status == 0 ? output
            : throw Codes.UnknownCommit.With($"git {string.Join(' ', arguments)} failed: {error.Split('\n')[0]}", root);
    }

    (int Status, byte[] Output, string Error) Run(params string[] arguments)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = git.StandardError.ReadToEndAsync();
        using MemoryStream output = new();
        git.StandardOutput.BaseStream.CopyTo(output);
        git.WaitForExit();
        return (git.ExitCode, output.ToArray(), error.Result);
    }
}
