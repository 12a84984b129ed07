using System.CommandLine;
using Harness.Diagnostics;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;

namespace Harness.Commands;

/// <summary>The experiment that a command is about: a folder that holds NAME.proj, the .proj itself, or a resolved manifest.json.</summary>
sealed class ExperimentArgument
{
    readonly Argument<string> experiment = new("experiment") { Description = "An experiment's folder, its .proj, or a resolved manifest.json." };

    readonly Option<string[]> properties = new("--property", "-p")
    {
        Description = "NAME=VALUE for the manifest, or POOL.NAME=VALUE for one pool, as `dotnet build -p:NAME=VALUE`; results then go to artifacts/.",
        DefaultValueFactory = _ => [],
    };

    public void AddTo(Command command)
    {
        experiment.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] option }, ..])
                result.AddError($"'{option}' is not an option of {command.Name}");
        });
        command.Arguments.Add(experiment);
        command.Options.Add(properties);
    }

    /// <summary>The manifest as MSBuild resolves it now.</summary>
    /// <exception cref="HarnessException"><see cref="Codes.NoSuchExperiment"/>; whatever MSBuild finds wrong.</exception>
    public RawManifest Resolve(ParseResult parsed)
    {
        string argument = parsed.GetRequiredValue(experiment);
        string[] given = parsed.GetRequiredValue(properties);
        if (argument.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return given.Length == 0
                ? ManifestFile.Read(argument)
                : throw Codes.UsageError.With("--property needs an experiment's folder or .proj: a manifest.json is resolved already");
        }
        string project = FindProject(argument);
        try
        {
            return MsBuildManifest.Resolve(project, given);
        }
        catch (Exception failure) when (failure is ManifestException or HarnessException { File: not null })
        {
            throw new ProjectFailure(project, failure);
        }
    }

    public static string FindProject(string argument)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(argument));
        if (argument.EndsWith(".proj", StringComparison.OrdinalIgnoreCase) && File.Exists(path))
            return path;
        string project = Path.Combine(path, $"{Path.GetFileName(path)}.proj");
        if (File.Exists(project))
            return project;
        string inResults = Path.Combine(ExperimentPaths.RepositoryRoot(Environment.CurrentDirectory), "results", argument, $"{argument}.proj");
        return !argument.Contains('/') && File.Exists(inResults)
            ? inResults
            : throw Codes.NoSuchExperiment.With($"'{argument}' is neither a folder that holds {Path.GetFileName(path)}.proj, a .proj, nor a manifest.json");
    }
}
