using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harness.Comparison.Sources;
using Harness.Diagnostics;
using Harness.Identity;
using Harness.Kernels.Diagnostics;

namespace Harness.Comparison.Programs;

/// <summary>
/// A side's program: of a commit, built in a worktree of its own under the folder for temporary files, which is removed with it; of the
/// working tree, the program that is running.
/// </summary>
public sealed class SideProgram : ISideProgram
{
    const string Project = "harness", Built = "harness/bin/Release/net10.0/harness.dll";

    readonly GitRepository? repository;
    readonly string program, root, checkout;

    readonly string? data;

    /// <param name="root">The folder that its experiments lie in, under results/.</param>
    /// <param name="checkout">What is removed with it, where there is a repository; <paramref name="root"/> may lie below.</param>
    SideProgram(string name, string root, string program, string checkout, GitRepository? repository, string? data)
    {
        (Name, this.root, this.program, this.checkout) = (name, root, program, checkout);
        (this.repository, this.data) = (repository, data);
    }

    public string Name { get; }

    /// <exception cref="HarnessException"><see cref="Codes.NothingToCompare"/>: it is a folder, which has no program.</exception>
    public static void Require(IResultSource source)
    {
        if (source is not (FolderResults { IsWorkTree: true } or CommitResults))
        {
            throw Codes.NothingToCompare.With(
                $"{source.Name} is a folder of results, and not a commit or the working tree: it has no program to run");
        }
    }

    /// <param name="source">A side; of a folder that is no checkout there is no program.</param>
    /// <param name="repository">The top of the working tree.</param>
    /// <param name="says">Called with a line before a build.</param>
    /// <exception cref="HarnessException"><see cref="Codes.NothingToCompare"/>: the side has no program, or it can't be built.</exception>
    public static SideProgram Of(IResultSource source, string repository, Action<string> says, CancellationToken cancellation)
    {
        Require(source);
        if (source is not CommitResults { Commit: { } commit })
            return new SideProgram(source.Name, repository, Path.Combine(AppContext.BaseDirectory, "harness.dll"), "", null, null);
        GitRepository git = GitRepository.Find(repository).Repository!;
        string folder = Path.Combine(Path.GetTempPath(), $"harness-{GitRepository.Short(commit)}-{Guid.NewGuid():N}");
        string root = Path.Combine(folder, git.Prefix);
        SideProgram side = new(
            source.Name, root, Path.Combine(root, Built), folder, git, ExperimentPaths.DataFolder(repository));
        try
        {
            git.AddWorktree(folder, commit);
            side.Build(says, cancellation);
            return side;
        }
        catch (Exception failure)
        {
            side.Dispose();
            // Ctrl-C reaches git too, which then fails.
            if (failure is HarnessException)
                cancellation.ThrowIfCancellationRequested();
            throw;
        }
    }

    void Build(Action<string> says, CancellationToken cancellation)
    {
        if (!Directory.Exists(Path.Combine(root, Project)))
            throw Codes.NothingToCompare.With($"{Name} has no program: there is no folder {Project}/ in it");
        says($"building {Name}");
        // No server of the build outlives it: it would hold files of a folder that is removed.
        (int status, string output, _) = Start(
            root, null, ["build", Path.Combine(root, Project), "--configuration", "Release", "-nologo", "-verbosity:quiet",
                "--disable-build-servers"], cancellation);
        if (status != 0 || !File.Exists(program))
        {
            throw Codes.NothingToCompare.With($"{Name} can't be built here: "
                + (output.Split('\n').FirstOrDefault(line => line.Contains(": error ", StringComparison.Ordinal)) is { } error
                    ? WithoutFolder(error) : "see its build"));
        }
    }

    public JsonObject Run(CancellationToken cancellation, params IReadOnlyList<string> arguments)
    {
        (int status, string output, string error) = Start(root, data, [program, .. arguments], cancellation);
        string said = (error.Trim().Length > 0 ? error : output).Trim().Split('\n')[0];
        if (status != 0)
        {
            throw Codes.NothingToCompare.With($"`harness {string.Join(' ', arguments)}` of {Name} ended with status {status}: "
                + WithoutFolder(said));
        }
        try
        {
            return JsonNode.Parse(output) as JsonObject ?? throw new JsonException("it is no object");
        }
        catch (JsonException bad)
        {
            throw Codes.NothingToCompare.With(
                $"`harness {string.Join(' ', arguments)}` of {Name} printed what is no JSON object: {bad.Message}", inner: bad);
        }
    }

    public void Dispose() => repository?.RemoveWorktree(checkout);

    /// <summary>Nobody can look into a checkout that is removed by then.</summary>
    string WithoutFolder(string line) =>
        repository is null ? line.Trim() : line.Trim().Replace(root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, "");

    static (int Status, string Output, string Error) Start(
        string folder, string? data, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        ProcessStartInfo start = new(host, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A checkout of a commit has none of the models and data that lie beside the working tree.
        if (data is not null)
            start.Environment[ExperimentPaths.DataVariable] = data;
        using Process process = Process.Start(start)!;
        using CancellationTokenRegistration end = cancellation.Register(() => process.Kill(entireProcessTree: true));
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return (process.ExitCode, output, error.Result);
    }
}
