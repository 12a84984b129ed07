using Harness.Strategies;
using Harness.Strategies.Pooled;

namespace Harness.Registry;

/// <summary>Every strategy by its manifest name; tests, the command line and benchmarks enumerate it.</summary>
public static class StrategyRegistry
{
    public static IReadOnlyList<StrategyDefinition> All => Pooled;

    /// <summary>Those that are functions of a pool.</summary>
    public static IReadOnlyList<PooledStrategyDefinition> Pooled { get; } =
    [
        Greedy.Definition, SingleSample.Definition, MajorityVote.Definition, WeightedVote.Definition, BestReward.Definition,
        Coverage.Definition, GPass.Definition, AdaptiveConsistency.Definition, EarlyStopping.Definition, VoteLead.Definition,
        MajorityLimitMeasure.Definition,
    ];

    /// <summary>The strategy of this name with every option at its default; an exception where none is registered.</summary>
    public static IPooledStrategy CreateDefault(string name)
    {
        PooledStrategyDefinition definition = Pooled.First(strategy => strategy.Name == name);
        return definition.Create(StrategySettings.Default(definition, VerifierRegistry.Default));
    }
}
