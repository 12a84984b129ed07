namespace Harness.Samples;

/// <summary>What a verifier's model takes to read the answers to a problem.</summary>
/// <param name="Prompt">The problem's prompt, once.</param>
/// <param name="Samples">Each answer after it.</param>
public sealed record JudgingCost(Cost Prompt, IReadOnlyList<Cost> Samples)
{
    /// <summary>With its even samples, or its odd ones, alone.</summary>
    public JudgingCost Half(int parity) => this with { Samples = [.. Samples.Where((_, sample) => sample % 2 == parity)] };
}
