using Harness.Statistics.Laws;
using Harness.Strategies;
using Harness.Verifiers;

namespace Harness.Manifests;

/// <summary>One strategy at its multipliers with a pool, of either kind.</summary>
public abstract record BoundStrategy
{
    public required StrategyDefinition Definition { get; init; }

    /// <summary>The very object among the manifest's pools.</summary>
    public required PoolManifest Pool { get; init; }

    /// <summary>Ascending.</summary>
    public required IReadOnlyList<int> Multipliers { get; init; }

    /// <summary>What scores the samples; null where the strategy reads no score.</summary>
    public IVerifier? Verifier { get; init; }

    /// <summary>A value for each of the definition's options.</summary>
    public required IReadOnlyDictionary<string, int> Options { get; init; }

    /// <summary>Laws that are fitted to its curve, or to the samples behind it.</summary>
    public IReadOnlyList<ILaw> Laws { get; init; } = [];

    public IntervalKind Interval { get; init; }

    /// <summary>Where the manifest names it.</summary>
    public SourcePlace Place { get; init; }

    /// <summary>The definition's; where a model verifies, with its name, since several may.</summary>
    public string Name => NameOf(Definition.Name, Verifier);

    /// <summary>
    /// Whether it picks right answers with the data's own, as coverage does where answers are compared with them: nobody can deploy it.
    /// </summary>
    public bool IsUpperBound => Definition.ReadsChecker && Pool.Task.ChecksAgainstGold;

    /// <inheritdoc cref="StrategyDefinition.IsMeasure"/>
    public bool IsMeasure => Definition.IsMeasure;

    /// <summary>Its name, its options and what it is: a line of a report.</summary>
    public string Description => $"{Name}{string.Concat(Options.Select(option => $", {option.Key} {option.Value}"))}: {Definition.Summary}";

    /// <summary>What results call a strategy with a verifier.</summary>
    public static string NameOf(string strategy, IVerifier? verifier) =>
        verifier is RewardModel model ? $"{strategy} by {model.Name}" : strategy;

    /// <summary>Whether one can use it to answer questions.</summary>
    public bool IsDeployable => !IsUpperBound && !IsMeasure;
}
