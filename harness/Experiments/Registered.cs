using Harness.Strategies;
using Harness.Tasks.Registry;
using Harness.Verifiers;

namespace Harness.Experiments;

/// <summary>What this build of the program can run: names that a manifest may use as values.</summary>
/// <param name="TaskOptions">Pool attributes that belong to some task.</param>
public sealed record Registered(
    IReadOnlyList<string> Tasks, IReadOnlyList<string> TaskOptions, IReadOnlyDictionary<string, IStrategy> Strategies, IReadOnlyList<string> Verifiers)
{
    public static Registered All { get; } = new(
        TaskRegistry.Names,
        [.. TaskRegistry.All.SelectMany(task => task.Options).Distinct(StringComparer.OrdinalIgnoreCase)],
        StrategyRegistry.All.ToDictionary(strategy => strategy.Name),
        [.. VerifierRegistry.All.Select(verifier => verifier.Name)]);
}
