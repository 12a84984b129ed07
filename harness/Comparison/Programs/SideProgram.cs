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
    const string Built = "harness/bin/Release/net10.0/harness.dll";

    readonly GitRepository? repository;
    readonly string program, root;

    readonly string? data;

    SideProgram(string name, string root, string program, GitRepository? repository, string? data)
    {
        (Name, this.root, this.program, this.repository, this.data) = (name, root, program, repository, data);
    }

    public string Name { get; }

    /// <param name="source">A side; of a folder that is no checkout there is no program.</param>
    /// <param name="repository">The top of the working tree.</param>
    /// <param name="says">Called with a line before a build.</param>
    /// <exception cref="HarnessException"><see cref="Codes.NothingToCompare"/>: the side has no program, or it can't be built.</exception>
    public static SideProgram Of(IResultSource source, string repository, Action<string> says, CancellationToken cancellation)
    {
        if (source is FolderResults { IsWorkTree: true })
            return new SideProgram(source.Name, repository, Path.Combine(AppContext.BaseDirectory, "harness.dll"), null, null);
        if (source is not CommitResults { Commit: { } commit })
        {
            throw Codes.NothingToCompare.With(
                $"{source.Name} is a folder of results, and not a commit or the working tree: it has no program to run");
        }
        GitRepository git = GitRepository.Find(repository).Repository!;
        string folder = Path.Combine(Path.GetTempPath(), $"harness-{GitRepository.Short(commit)}-{Guid.NewGuid():N}");
        git.AddWorktree(folder, commit);
        SideProgram side = new(source.Name, folder, Path.Combine(folder, Built), git, ExperimentPaths.DataFolder(repository));
        try
        {
            says($"building {source.Name}");
            (int status, string output, _) = Start(
                folder, null, ["build", Path.Combine(folder, "harness"), "--configuration", "Release", "-nologo", "-verbosity:quiet"],
                cancellation);
            if (status != 0 || !File.Exists(side.program))
            {
                throw Codes.NothingToCompare.With($"{source.Name} can't be built here: "
                    + (output.Split('\n').FirstOrDefault(line => line.Contains(": error ", StringComparison.Ordinal)) ?? "see its build"));
            }
            return side;
        }
        catch
        {
            side.Dispose();
            throw;
        }
    }

    public JsonObject Run(CancellationToken cancellation, params IReadOnlyList<string> arguments)
    {
        (int status, string output, string error) = Start(root, data, [program, .. arguments], cancellation);
        string said = (error.Trim().Length > 0 ? error : output).Trim().Split('\n')[0];
        if (status != 0)
            throw Codes.NothingToCompare.With($"`harness {string.Join(' ', arguments)}` of {Name} ended with status {status}: {said}");
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

    public void Dispose()
    {
        if (repository is null)
            return;
        repository.RemoveWorktree(root);
    }

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
