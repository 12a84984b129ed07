namespace Harness.Pools;

/// <summary>What was asked and answered in a pool, as far as this machine has it.</summary>
/// <param name="Problems">By problem.</param>
/// <param name="Samples">By (problem, sample).</param>
public sealed record PoolTexts(
    string Pool, IReadOnlyList<ProblemText> Problems, IReadOnlyDictionary<(int Problem, int Sample), SampleText> Samples);
