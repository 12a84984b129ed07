namespace Harness.Manifests;

/// <summary>Every name that a manifest may use: the one list that reading, checking and messages share.</summary>
public static class ManifestSchema
{
    public const int Version = 1;

    /// <summary>Properties that say what the experiment is.</summary>
    public static IReadOnlyList<string> ExperimentProperties { get; } = ["Title", "Model", "Precision", "Seed"];

    /// <summary>Properties that say where and how it runs: never hashed.</summary>
    public static IReadOnlyList<string> PlacementProperties { get; } =
        ["Device", "Threads", "Batch", "Isa", "Memory", "HarnessData", "Record", "Redraw", "Renderer", "Artifacts", "SkipMissing"];

    /// <summary>Pool attributes that a property of the same name overrides in every pool when it is given on the command line.</summary>
    public static IReadOnlyList<string> PoolOverrides { get; } =
        ["Difficulty", "Problems", "Samples", "Temperature", "TopK", "TopP", "MinP", "MaxTokens"];

    /// <summary>Properties that a manifest may set: pool overrides are for the command line.</summary>
    public static IReadOnlyList<string> Properties { get; } = [.. ExperimentProperties, .. PlacementProperties];

    public const string PoolItem = "Pool";
    public const string StrategyItem = "Strategy";

    public static IReadOnlyList<string> Items { get; } = [PoolItem, StrategyItem];

    /// <summary>Items that MSBuild itself reads: a reference builds another experiment first.</summary>
    public static IReadOnlyList<string> BuildItems { get; } = ["ProjectReference"];

    /// <summary>Attributes of a pool that every task shares.</summary>
    public static IReadOnlyList<string> PoolAttributes { get; } =
    [
        "Task", "Prompt", "Difficulty", "Problems", "Samples", "Temperature", "TopK", "TopP", "MinP", "MaxTokens", "StopStrings", "Chat",
    ];

    public static IReadOnlyList<string> StrategyAttributes { get; } = ["Pool", "Multipliers", "Verifier"];

    /// <summary>Attributes that MSBuild gives every item.</summary>
    public static IReadOnlyList<string> ItemAttributes { get; } =
        ["Include", "Exclude", "Update", "Remove", "Condition", "Label", "MatchOnMetadata", "KeepMetadata", "RemoveMetadata", "KeepDuplicates"];

    public static bool Has(this IEnumerable<string> names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
