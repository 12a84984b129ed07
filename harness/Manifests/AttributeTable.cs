using Harness.Registry;

namespace Harness.Manifests;

/// <summary>
/// The one table of attributes: what the reader types, the keys hold, the command line overrides, comparisons look at and
/// docs/experiments.md says. Experiment.props and .targets are checked against it by a test.
/// </summary>
public static class AttributeTable
{
    public const string PoolItem = "Pool", StrategyItem = "Strategy", GateItem = "Gate", DataItem = "Data", TrainItem = "Train",
        LawItem = "Law", EvaluationItem = "Evaluation";

    public static IReadOnlyList<string> Items { get; } = [PoolItem, StrategyItem, GateItem, DataItem, TrainItem, EvaluationItem, LawItem];

    /// <summary>Items that MSBuild itself reads: a reference builds another experiment first.</summary>
    public static IReadOnlyList<string> BuildItems { get; } = ["ProjectReference"];

    /// <summary>Attributes that MSBuild gives every item.</summary>
    public static IReadOnlyList<string> ItemAttributes { get; } =
        ["Include", "Exclude", "Update", "Remove", "Condition", "Label", "MatchOnMetadata", "KeepMetadata", "RemoveMetadata",
            "KeepDuplicates"];

    /// <summary>Switches of the build that a manifest may set too.</summary>
    public static IReadOnlyList<string> BuildSwitches { get; } = ["SkipMissing", "Strict"];

    /// <summary>Properties that say what the experiment is.</summary>
    public static IReadOnlyList<string> ExperimentProperties { get; } = [.. ExperimentAttributes.All.Select(attribute => attribute.Name)];

    /// <summary>Properties that say where and how it runs.</summary>
    public static IReadOnlyList<string> PlacementProperties { get; } = [.. PlacementAttributes.All.Select(attribute => attribute.Name)];

    /// <summary>Properties that a manifest may set: overrides of pools are for the command line.</summary>
    public static IReadOnlyList<string> Properties { get; } = [.. ExperimentProperties, .. PlacementProperties, .. BuildSwitches];

    /// <summary>Attributes of pools that a property of the same name on the command line overrides.</summary>
    public static IReadOnlyList<string> PoolOverrides { get; } =
        [.. PoolAttributes.All.Where(attribute => attribute.IsOverridable).Select(attribute => attribute.Name)];

    /// <summary>Attributes of a pool, the tasks' own included.</summary>
    public static IReadOnlyList<string> OfPools(Registered registered) => [.. Written(PoolAttributes.All), .. registered.TaskOptions];

    /// <summary>Attributes of a strategy, those of one alone included.</summary>
    public static IReadOnlyList<string> OfStrategies(Registered registered) =>
        [.. Written(StrategyAttributes.All), .. registered.StrategyOptions];

    public static IReadOnlyList<string> OfGates { get; } = [.. Written(GateAttributes.All)];

    public static IReadOnlyList<string> OfData { get; } = [.. Written(DataAttributes.All)];

    public static IReadOnlyList<string> OfTrains { get; } = [.. Written(TrainAttributes.All)];

    /// <summary>Attributes of an evaluation, the tasks' own included.</summary>
    public static IReadOnlyList<string> OfEvaluations(Registered registered) =>
        [.. Written(EvaluationAttributes.All), .. registered.TaskOptions];

    public static IReadOnlyList<string> OfLaws { get; } = [.. Written(LawAttributes.All)];

    /// <summary>Attributes of models that a property of the same name on the command line overrides.</summary>
    public static IReadOnlyList<string> TrainOverrides { get; } =
        [.. TrainAttributes.All.Where(attribute => attribute.IsOverridable).Select(attribute => attribute.Name)];

    public static bool Has(this IEnumerable<string> names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);

    static IEnumerable<string> Written(IEnumerable<AttributeDefinition> attributes) =>
        attributes.Select(attribute => attribute.Name).Where(name => !ItemAttributes.Has(name));
}
