using Harness.Verifiers;

namespace Harness.Strategies;

/// <summary>What a manifest tells a strategy: its verifier and its options, already checked.</summary>
/// <param name="Verifier">Null for a strategy that reads none.</param>
/// <param name="Options">A value for each of the definition's options.</param>
public sealed record StrategySettings(IVerifier? Verifier, IReadOnlyDictionary<string, int> Options)
{
    /// <summary>Every option at its default.</summary>
    public static StrategySettings Default(StrategyDefinition definition, IVerifier verifier) => new(
        definition.ReadsVerifier ? verifier : null, definition.Options.ToDictionary(option => option.Name, option => option.Default));

    /// <summary>The verifier of a strategy whose definition says that it reads one.</summary>
    public IVerifier RequiredVerifier =>
        Verifier ?? throw new InvalidOperationException("the strategy reads a verifier and has been given none");
}
