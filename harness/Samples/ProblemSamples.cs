using Harness.Statistics;

namespace Harness.Samples;

/// <summary>All samples of one problem, by sample index.</summary>
/// <param name="PromptTokens">Null where a recording does not say.</param>
public sealed record ProblemSamples(int Problem, int Difficulty, int? PromptTokens, IReadOnlyList<PooledSample> Samples)
{
    /// <summary>The right answer in its canonical form; null where answers are checked without one.</summary>
    public string? Gold { get; init; }

    /// <summary>By the name of a verifier that reads texts, or of a reward of it: that of each sample.</summary>
    public IReadOnlyDictionary<string, double[]> Rewards { get; init; } = new Dictionary<string, double[]>();

    /// <summary>By the name of a verifier that is a model: what it takes to read the samples.</summary>
    public IReadOnlyDictionary<string, JudgingCost> Judging { get; init; } = new Dictionary<string, JudgingCost>();

    /// <summary>With its even samples, or its odd ones, alone.</summary>
    /// <param name="parity">0: even ones.</param>
    public ProblemSamples Half(int parity) => this with
    {
        Samples = [.. Samples.Where((_, sample) => sample % 2 == parity)],
        Rewards = Rewards.ToDictionary(
            verifier => verifier.Key, verifier => verifier.Value.Where((_, sample) => sample % 2 == parity).ToArray()),
        Judging = Judging.ToDictionary(verifier => verifier.Key, verifier => verifier.Value.Half(parity)),
    };

    public int CorrectCount => Samples.Count(sample => sample.Correct);

    public bool[] Correctness() => [.. Samples.Select(sample => sample.Correct)];

    public AnswerTally TallyAnswers() => AnswerTally.Of([.. Samples.Select(sample => sample.Answer)], Correctness());
}
