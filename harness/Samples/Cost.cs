namespace Harness.Samples;

/// <summary>
/// What was spent on answers: tokens by kind, the logical operations of each, and the longest chain of tokens that cannot be generated in
/// parallel. Costs add up: of one thing after another by +, of things side by side by <see cref="Beside"/>.
/// </summary>
public readonly record struct Cost
{
    public double PromptTokens { get; init; }
    public double GeneratedTokens { get; init; }

    /// <summary>Tokens that a verifier's model read.</summary>
    public double VerifierTokens { get; init; }

    /// <summary>Tokens of branches that a search gave up.</summary>
    public double PrunedTokens { get; init; }
    public double PromptFlops { get; init; }
    public double GeneratedFlops { get; init; }
    public double VerifierFlops { get; init; }
    public double PrunedFlops { get; init; }
    public double CriticalTokens { get; init; }

    public double Flops => PromptFlops + GeneratedFlops + VerifierFlops + PrunedFlops;

    /// <summary>One after the other.</summary>
    public static Cost operator +(Cost first, Cost second) =>
        first.Summed(second, first.CriticalTokens + second.CriticalTokens);

    /// <summary>Both at the same time: the longer chain is waited for.</summary>
    public Cost Beside(Cost other) => Summed(other, Math.Max(CriticalTokens, other.CriticalTokens));

    /// <summary>A share of everything, as a mean takes it.</summary>
    public Cost Times(double share) => new()
    {
        PromptTokens = share * PromptTokens,
        GeneratedTokens = share * GeneratedTokens,
        VerifierTokens = share * VerifierTokens,
        PrunedTokens = share * PrunedTokens,
        PromptFlops = share * PromptFlops,
        GeneratedFlops = share * GeneratedFlops,
        VerifierFlops = share * VerifierFlops,
        PrunedFlops = share * PrunedFlops,
        CriticalTokens = share * CriticalTokens,
    };

    Cost Summed(Cost other, double critical) => new()
    {
        PromptTokens = PromptTokens + other.PromptTokens,
        GeneratedTokens = GeneratedTokens + other.GeneratedTokens,
        VerifierTokens = VerifierTokens + other.VerifierTokens,
        PrunedTokens = PrunedTokens + other.PrunedTokens,
        PromptFlops = PromptFlops + other.PromptFlops,
        GeneratedFlops = GeneratedFlops + other.GeneratedFlops,
        VerifierFlops = VerifierFlops + other.VerifierFlops,
        PrunedFlops = PrunedFlops + other.PrunedFlops,
        CriticalTokens = critical,
    };
}
