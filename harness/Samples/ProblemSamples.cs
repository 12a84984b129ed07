using Harness.Statistics;

namespace Harness.Samples;

/// <summary>All samples of one problem, by sample index.</summary>
public sealed record ProblemSamples(int Problem, int Difficulty, int PromptTokens, IReadOnlyList<PooledSample> Samples)
{
    public int CorrectCount => Samples.Count(sample => sample.Correct);

    public AnswerTally TallyAnswers() =>
        AnswerTally.Of([.. Samples.Select(sample => sample.Answer)], [.. Samples.Select(sample => sample.Correct)]);
}
