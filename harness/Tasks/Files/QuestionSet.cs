using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Samples;
using Harness.Tasks.Answers;

namespace Harness.Tasks.Files;

/// <summary>A file of questions: the first ones are asked, the last ones may be shown as examples.</summary>
sealed class QuestionSet
{
    readonly IReadOnlyList<QuestionLine> lines;
    readonly int asked;

    /// <exception cref="HarnessException">
    /// HRN0303: fewer lines than <see cref="TaskSettings.Problems"/>; HRN0007: Problems is less than 1.
    /// </exception>
    public QuestionSet(DataFile file, IReadOnlyList<QuestionLine> lines, TaskSettings settings)
    {
        TaskChecks.AtLeastOneProblem(settings);
        if (lines.Count < settings.Problems)
            throw Codes.TooFewProblems.With($"holds {lines.Count} problems, and Problems asks for {settings.Problems}", file.Path);
        File = file;
        this.lines = lines;
        asked = settings.Problems;
    }

    public DataFile File { get; }

    /// <summary>The right answers of the questions that are asked, in their order.</summary>
    /// <param name="golds">The right answer of every line, whether it is asked or not.</param>
    public IReadOnlyList<Gold> Asked(IReadOnlyList<Gold> golds) => [.. golds.Take(asked)];

    /// <param name="answer">The right answer as it is shown to people.</param>
    public IReadOnlyList<Problem> Problems(Func<QuestionLine, string> answer) =>
    [
        .. lines.Take(asked)
            .Select((line, i) => new Problem { Index = i, Difficulty = 0, Question = line.Question, Answer = answer(line) }),
    ];

    /// <exception cref="HarnessException">HRN0303: the file has fewer lines that are not asked.</exception>
    public IReadOnlyList<WorkedExample> Examples(int count, Func<QuestionLine, string> solution)
    {
        if (lines.Count - asked < count)
            throw Codes.TooFewProblems.With(
                $"holds {lines.Count} problems: {asked} asked leave fewer than {count} examples to show", File.Path);
        return [.. lines.TakeLast(count).Select(line => new WorkedExample(line.Question, solution(line)))];
    }
}
