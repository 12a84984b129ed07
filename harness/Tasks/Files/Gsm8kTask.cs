using System.Text.RegularExpressions;
using Harness.Diagnostics;
using Harness.Samples;
using Harness.Tasks.Answers;

namespace Harness.Tasks.Files;

/// <summary>
/// GSM8K (Cobbe et al. 2021, arXiv 2110.14168): the first problems of its test set. The answer is the number after the first
/// <c>####</c>, else the last number, compared as an exact decimal.
/// </summary>
sealed partial class Gsm8kTask : ITask, IWorkedExamples
{
    const string File = "gsm8k/test.jsonl";

    readonly QuestionSet set;

    public Gsm8kTask(TaskSettings settings)
    {
        TaskChecks.NoDifficulty(settings, "gsm8k");
        DataFile file = DataFile.Read([$"data/{File}", File], [settings.DataFolder]);
        set = new QuestionSet(file, QuestionFile.Read(file, "question", "answer"), settings);
        Problems = set.Problems(FinalNumber);
    }

    public bool HasUniqueAnswers => true;

    public IReadOnlyList<Problem> Problems { get; }

    public string? DataHash => set.File.Hash;

    /// <summary>The last problems of the file, without the calculator's marks (<c>&lt;&lt;16-3=13&gt;&gt;</c>).</summary>
    public IReadOnlyList<WorkedExample> Examples(int count) => set.Examples(count, answer => CalculatorMark().Replace(answer, ""));

    public string? ExtractAnswer(Problem problem, string text) => FinalAnswer.Number(text);

    public bool IsCorrect(Problem problem, string? answer) =>
        answer is not null && AnswerNumber.First(answer) is { } number && number == AnswerNumber.First(problem.Answer);

    string FinalNumber(QuestionLine line)
    {
        int mark = line.Answer.IndexOf(FinalAnswer.Mark, StringComparison.Ordinal);
        string answer = mark < 0 ? "" : line.Answer[(mark + FinalAnswer.Mark.Length)..].Trim();
        return AnswerNumber.First(answer) is not null
            ? answer
            : throw Codes.DataCorrupt.With($"the answer has no number after {FinalAnswer.Mark}", set.File.Path, line.Line);
    }

    [GeneratedRegex("<<[^>]*>>")]
    private static partial Regex CalculatorMark();
}
