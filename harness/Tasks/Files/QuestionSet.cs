using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Samples;

namespace Harness.Tasks.Files;

/// <summary>A file of questions, split: the first ones are asked, the last ones are there to be shown.</summary>
sealed class QuestionSet
{
    readonly IReadOnlyList<QuestionLine> lines;
    readonly int asked;

    /// <exception cref="HarnessException">HRN0303: fewer lines than <see cref="TaskSettings.Problems"/>; HRN0007: none asked.</exception>
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

    /// <summary>Every line's answer goes through <paramref name="answer"/>, so that a line which is never asked is checked too.</summary>
    public IReadOnlyList<Problem> Problems(Func<QuestionLine, string> answer)
    {
        string[] answers = [.. lines.Select(answer)];
        return [.. answers.Take(asked).Select((text, i) => new Problem { Index = i, Difficulty = 0, Question = lines[i].Question, Answer = text })];
    }

    /// <exception cref="HarnessException">HRN0303: the file has fewer lines that are not asked.</exception>
    public IReadOnlyList<WorkedExample> Examples(int count, Func<string, string> solution)
    {
        if (lines.Count - asked < count)
            throw Codes.TooFewProblems.With($"holds {lines.Count} problems: {asked} asked leave fewer than {count} examples to show", File.Path);
        return [.. lines.TakeLast(count).Select(line => new WorkedExample(line.Question, solution(line.Answer)))];
    }
}
