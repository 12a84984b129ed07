using System.ComponentModel;
using System.Diagnostics;

namespace Harness.Tests.Comparison.Fakes;

/// <summary>A git repository in a folder of its own, with results to commit; removed with everything in it.</summary>
sealed class ScratchRepository : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("harness-git-").FullName;

    public ScratchRepository()
    {
        Directory.CreateDirectory(Root);
        Git("init", "--quiet", "--initial-branch", "main");
    }

    public string Root => Path.Combine(folder, "repository");

    /// <summary>A place beside it.</summary>
    public string Beside(string name) => Path.Combine(folder, name);

    public string Results(string experiment) => Path.Combine(Root, "results", experiment);

    /// <summary>These in place of all results that are there.</summary>
    public void Write(params IReadOnlyList<ResultFiles> experiments)
    {
        if (Directory.Exists(Path.Combine(Root, "results")))
            Directory.Delete(Path.Combine(Root, "results"), recursive: true);
        foreach (ResultFiles experiment in experiments)
            experiment.WriteTo(Results(experiment.Name));
    }

    /// <summary>Writes them in place of all results, where there are any to write, and commits everything.</summary>
    /// <returns>The commit's hash.</returns>
    public string Commit(params IReadOnlyList<ResultFiles> experiments)
    {
        if (experiments.Count > 0)
            Write(experiments);
        Git("add", "--all");
        Git("commit", "--quiet", "--allow-empty", "--message", "results");
        return Git("rev-parse", "HEAD");
    }

    /// <summary>What git prints; the test is ignored where there is no git, and fails where git does.</summary>
    public string Git(params string[] arguments)
    {
        ProcessStartInfo start = new("git",
            ["-c", "user.name=Tests", "-c", "user.email=tests@example.org", "-c", "commit.gpgsign=false", .. arguments])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process git = Process.Start(start)!;
            Task<string> error = git.StandardError.ReadToEndAsync();
            string output = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            Assert.That(git.ExitCode, Is.Zero, () => $"git {string.Join(' ', arguments)}: {error.Result}");
            return output;
        }
        catch (Win32Exception)
        {
            Assert.Ignore("git is not on the PATH");
            throw;
        }
    }

    /// <summary>Objects of git are read-only files, which some systems refuse to delete.</summary>
    public void Dispose()
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            File.SetAttributes(file, FileAttributes.Normal);
        Directory.Delete(folder, recursive: true);
    }
}
