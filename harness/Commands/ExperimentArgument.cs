using System.CommandLine;
using System.CommandLine.Completions;
using Harness.Diagnostics;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;

namespace Harness.Commands;

/// <summary>The experiment that a command is about: a folder that holds NAME.proj, the .proj itself, or a resolved manifest.json.</summary>
sealed class ExperimentArgument
{
    readonly Argument<string> experiment = new("experiment")
    {
        Description = "An experiment's name, folder or .proj, or a resolved manifest.json.",
        HelpName = "experiment",
    };

    readonly Option<string[]> properties = new("--property", "-p")
    {
        Description =
            "NAME=VALUE for the manifest, or POOL.NAME=VALUE for one pool, as `dotnet build -p:NAME=VALUE`; results then go to artifacts/.",
        DefaultValueFactory = _ => [],
    };

    /// <param name="optional">Whether the current folder is meant where the command line names none.</param>
    public void AddTo(Command command, bool optional)
    {
        if (optional)
        {
            experiment.Arity = ArgumentArity.ZeroOrOne;
            experiment.DefaultValueFactory = _ => ".";
            experiment.Description += " By default the one in this folder.";
        }
        experiment.CompletionSources.Add(_ => Names().Select(name => new CompletionItem(name)));
        experiment.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] option }, ..])
                result.AddError($"'{option}' is not an option of {command.Name}");
        });
        properties.CompletionSources.Add(_ => AttributeTable.ExperimentProperties.Concat(AttributeTable.PoolOverrides)
            .Select(name => new CompletionItem($"{name}=")));
        command.Arguments.Add(experiment);
        command.Options.Add(properties);
    }

    /// <summary>The manifest as MSBuild resolves it now.</summary>
    /// <exception cref="HarnessException"><see cref="Codes.NoSuchExperiment"/>; or what MSBuild finds wrong.</exception>
    public RawManifest Resolve(ParseResult parsed)
    {
        string argument = parsed.GetRequiredValue(experiment);
        string[] given = parsed.GetRequiredValue(properties);
        string here = ProjectIn(Environment.CurrentDirectory);
        if (parsed.GetResult(experiment) is null or { Implicit: true } && !File.Exists(here))
            throw Codes.UsageError.With(
                $"no experiment is named, and this folder holds no {Path.GetFileName(here)}; `harness list` names them");
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

    /// <summary>Experiments of the repository that the current folder is in.</summary>
    public static IEnumerable<string> Names()
    {
        string results = Path.Combine(ExperimentPaths.RepositoryRoot(Environment.CurrentDirectory), "results");
        return Directory.Exists(results)
            ? Directory.EnumerateDirectories(results).Where(folder => File.Exists(ProjectIn(folder)))
                .Select(folder => Path.GetFileName(folder))
            : [];
    }

    static string ProjectIn(string folder) => Path.Combine(folder, $"{Path.GetFileName(folder)}.proj");

    public static string FindProject(string argument)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(argument));
        if (argument.EndsWith(".proj", StringComparison.OrdinalIgnoreCase) && File.Exists(path))
            return path;
        string project = ProjectIn(path);
        if (File.Exists(project))
            return project;
        string inResults = Path.Combine(ExperimentPaths.RepositoryRoot(Environment.CurrentDirectory), "results", argument,
            $"{argument}.proj");
        if (!argument.Contains('/') && File.Exists(inResults))
            return inResults;
        string hint = NearestName.Find(Path.GetFileName(path), Names()) is { } nearest ? $"; did you mean '{nearest}'?" : "";
        throw Codes.NoSuchExperiment.With(
            $"'{argument}' is neither a folder that holds {Path.GetFileName(path)}.proj, a .proj, nor a manifest.json{hint}");
    }
}
