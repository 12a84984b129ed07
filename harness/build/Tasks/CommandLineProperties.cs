using Harness.Kernels.Diagnostics;

namespace Harness.Build;

/// <summary>An attribute of a pool, or of a model to train, that the command line sets.</summary>
/// <param name="Item">Null where it holds for every one.</param>
readonly record struct ItemOverride(string? Item, string Attribute, string Value)
{
    /// <summary>The name as the manifest's list of overrides has it: Samples, or think.Samples.</summary>
    public string Name => Item is null ? Attribute : $"{Item}.{Attribute}";
}

/// <summary>
/// Tells the properties of a command line apart: the experiment's, overrides of all pools or models and of one, placement, and MSBuild's
/// own.
/// MSBuild takes no dot in a property's name, so that think.Temperature is think-Temperature there.
/// </summary>
sealed class CommandLineProperties(
    IReadOnlyDictionary<string, string> given, IReadOnlyList<string> pools, IReadOnlyList<string> trains)
{
    /// <summary>Properties of MSBuild, the SDK and NuGet. They say how the program is built, never what an experiment is.</summary>
    static readonly string[] OfMSBuild =
    [
        "AnalysisLevel", "AnalysisMode", "ArtifactsPath", "AssemblyVersion", "BaseIntermediateOutputPath", "BaseOutputPath",
            "BuildInParallel",
        "BuildingInsideVisualStudio", "BuildProjectReferences", "Configuration", "ContinuousIntegrationBuild",
            "CurrentSolutionConfigurationContents",
        "DebugSymbols", "DebugType", "DefineConstants", "DesignTimeBuild", "Deterministic", "EnableNETAnalyzers", "EnforceCodeStyleInBuild",
        "FileVersion", "GenerateDocumentationFile", "GenerateFullPaths", "IntermediateOutputPath", "InformationalVersion",
            "InvariantGlobalization",
        "LangVersion", "NoWarn", "Nullable", "Optimize", "OutDir", "OutputPath", "OutputType", "PackageVersion", "Platform",
            "PlatformTarget",
        "PublishDir", "RequireGpu", "RunAnalyzers", "RunAnalyzersDuringBuild", "RuntimeIdentifier", "RuntimeIdentifiers", "SelfContained",
        "SkipCompilerExecution", "SolutionDir", "SolutionExt", "SolutionFileName", "SolutionName", "SolutionPath", "TargetFramework",
        "TargetFrameworks", "TreatWarningsAsErrors", "UseAppHost", "UseArtifactsOutput", "UseSharedCompilation", "Version", "VersionPrefix",
        "VersionSuffix", "WarningLevel", "WarningsAsErrors", "WarningsNotAsErrors",
    ];

    static readonly string[] PrefixesOfMSBuild = ["_", "MSBuild", "NuGet", "Restore", "DOTNET", "Publish", "VSTest", "Solution"];

    /// <summary>What an experiment is: Title, Model and the like.</summary>
    public required IReadOnlyList<string> Experiment { get; init; }

    /// <summary>Pool attributes that the command line overrides.</summary>
    public required IReadOnlyList<string> PoolAttributes { get; init; }

    /// <summary>Attributes of models to train that the command line overrides.</summary>
    public required IReadOnlyList<string> TrainAttributes { get; init; }

    /// <summary>Where it runs.</summary>
    public required IReadOnlyList<string> Placement { get; init; }

    /// <summary>How the program is built, and which build of it is used.</summary>
    public required IReadOnlyList<string> OfTheBuild { get; init; }

    /// <summary>Whether a property is one of the manifest author's own.</summary>
    public required Func<string, bool> IsOwn { get; init; }

    /// <summary>Overrides of every item, then those of one, which win.</summary>
    public IReadOnlyList<ItemOverride> Overrides =>
    [
        .. PoolAttributes.Concat(TrainAttributes).Where(HasValue).Select(attribute => new ItemOverride(null, attribute, given[attribute])),
        .. OfOneItem.Where(one => HasValue(Spelling(one.Item, one.Attribute)))
            .Select(one => new ItemOverride(one.Item, one.Attribute, given[Spelling(one.Item, one.Attribute)])),
    ];

    IEnumerable<(string Item, string Attribute)> OfOneItem =>
    [
        .. pools.SelectMany(pool => PoolAttributes.Select(attribute => (pool, attribute))),
        .. trains.SelectMany(train => TrainAttributes.Select(attribute => (train, attribute))),
    ];

    /// <summary>Names of all properties given that change what the experiment is.</summary>
    public IReadOnlyList<string> Changes => [.. Experiment.Where(HasValue), .. Overrides.Select(change => change.Name)];

    /// <summary>Properties that must not reach the build of another experiment.</summary>
    public IReadOnlyList<string> OfOnePool =>
        [.. Overrides.Where(change => change.Item is not null).Select(change => Spelling(change.Item!, change.Attribute))];

    /// <summary>Names that no property has, and known properties without a value, in ordinal order.</summary>
    public IEnumerable<(string Code, string Message)> Mistakes()
    {
        string[] ofOne = [.. OfOneItem.Select(one => Spelling(one.Item, one.Attribute))];
        string[] known = [.. Experiment, .. PoolAttributes, .. TrainAttributes, .. Placement, .. OfTheBuild, .. ofOne];
        foreach ((string name, string value) in given.OrderBy(property => property.Key, StringComparer.Ordinal))
        {
            if (known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                if (value.Trim().Length == 0)
                    yield return ("HRN0008", $"'{name}' on the command line has no value; write -p:{name}=VALUE");
            }
            else if (!IsOfMSBuild(name) && !IsOwn(name))
            {
                string hint = NearestName.Find(name, known) is { } nearest ? $"; did you mean '{nearest}'?"
                    : $"; valid: {string.Join(", ", (string[])[.. Experiment, .. PoolAttributes, .. TrainAttributes, .. Placement])}, and "
                        + "POOL-NAME for one pool's";
                yield return ("HRN0001", $"'{name}' on the command line is not a known property{hint}");
            }
        }
    }

    bool HasValue(string name) => given.TryGetValue(name, out string? value) && value.Trim().Length > 0;

    static string Spelling(string pool, string attribute) => $"{pool.Replace('.', '-')}-{attribute}";

    static bool IsOfMSBuild(string name) => OfMSBuild.Contains(name, StringComparer.OrdinalIgnoreCase)
        || PrefixesOfMSBuild.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
