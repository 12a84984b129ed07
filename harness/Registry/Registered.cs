using Harness.Engines;
using Harness.Statistics.Laws;
using Harness.Strategies;
using Harness.Tasks;
using Harness.Verifiers;

namespace Harness.Registry;

/// <summary>What this build of the program can run: the objects that a manifest names.</summary>
/// <param name="Engines">The first is the default of a manifest that names none.</param>
/// <param name="Verifiers">As <paramref name="Engines"/>.</param>
public sealed record Registered(
    IReadOnlyList<TaskDefinition> Tasks,
    IReadOnlyList<StrategyDefinition> Strategies,
    IReadOnlyList<IVerifier> Verifiers,
    IReadOnlyList<IEngine> Engines)
{
    public static Registered All { get; } = new(TaskRegistry.All, StrategyRegistry.All, VerifierRegistry.All, EngineRegistry.All);

    /// <summary>Laws that the samples of a pool have the points of.</summary>
    public IReadOnlyList<ILaw> PoolLaws { get; init; } = [.. LawRegistry.All.Where(law => law.PointsKind != LawPointsKind.None)];

    /// <summary>Pool attributes that belong to some task.</summary>
    public IReadOnlyList<string> TaskOptions =>
        [.. Tasks.SelectMany(task => task.Options).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Strategy attributes that belong to some strategy.</summary>
    public IReadOnlyList<string> StrategyOptions =>
        [.. Strategies.SelectMany(strategy => strategy.Options).Select(option => option.Name).Distinct(StringComparer.OrdinalIgnoreCase)];
}
