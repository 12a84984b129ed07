using Harness.Statistics;

namespace Harness.Strategies.Pooled;

/// <summary>What the estimators count of a problem's samples.</summary>
static class ProblemTally
{
    extension(ProblemSamples problem)
    {
        public int CorrectCount => problem.Samples.Count(sample => sample.Correct);

        public AnswerTally TallyAnswers() => AnswerTally.Of(
            [.. problem.Samples.Select(sample => sample.Answer)], [.. problem.Samples.Select(sample => sample.Correct)]);
    }
}
