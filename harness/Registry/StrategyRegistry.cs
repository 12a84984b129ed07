using Harness.Strategies;
using Harness.Strategies.Pooled;
using Harness.Verifiers;

namespace Harness.Registry;

/// <summary>Every strategy by its manifest name; tests, the command line and benchmarks enumerate it.</summary>
public static class StrategyRegistry
{
    /// <summary>What a strategy that reads a verifier gets where the manifest names none.</summary>
    public const string DefaultVerifier = "mean-logprob";

    static IReadOnlyList<Func<IVerifier, IStrategy>> Factories { get; } =
    [
        _ => new Greedy(),
        _ => new SingleSample(),
        _ => new MajorityVote(),
        verifier => new WeightedVote(verifier),
        verifier => new BestReward(verifier),
        _ => new Coverage(),
    ];

    /// <summary>All strategies, those that read a verifier with the default one.</summary>
    public static IReadOnlyList<IStrategy> All { get; } = [.. Factories.Select(create => create(VerifierRegistry.Find(DefaultVerifier)!))];

    /// <summary>The strategy of this name, reading this verifier where it reads one; null where either name is not registered.</summary>
    public static IStrategy? Find(string name, string? verifier = null) => VerifierRegistry.Find(verifier ?? DefaultVerifier) is { } scorer
        ? Factories.Select(create => create(scorer)).FirstOrDefault(strategy => strategy.Name == name)
        : null;
}
