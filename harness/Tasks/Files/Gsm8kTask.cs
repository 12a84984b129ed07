using System.Text.RegularExpressions;
using Harness.Diagnostics;
using Harness.Samples;
using Harness.Tasks.Answers;

namespace Harness.Tasks.Files;

/// <summary>
/// GSM8K (Cobbe et al. 2021, arXiv 2110.14168): the first problems of its test set. Answers are numbers, read from a text as
/// docs/answers.md has it and compared exactly.
/// </summary>
sealed partial class Gsm8kTask : ITask, IWorkedExamples
{
    const string File = "gsm8k/test.jsonl";

    static readonly AnswerReader Reader = new();

    readonly QuestionSet set;
    readonly IReadOnlyList<Gold> golds;

    public Gsm8kTask(TaskSettings settings)
    {
        TaskChecks.NoDifficulty(settings, "gsm8k");
        DataFile file = DataFile.Read([$"data/{File}", File], [settings.DataFolder]);
        List<QuestionLine> lines = QuestionFile.Read(file, "question", "answer");
        set = new QuestionSet(file, lines, settings);
        golds = set.Asked([.. lines.Select(ReadGold)]);
        Problems = set.Problems(line => Gold.AfterMark(line.Answer.Text));
    }

    public IReadOnlyList<Problem> Problems { get; }

    public string? DataHash => set.File.Hash;

    /// <summary>The last problems of the file, without the calculator's marks (<c>&lt;&lt;16-3=13&gt;&gt;</c>).</summary>
    public IReadOnlyList<WorkedExample> Examples(int count) => set.Examples(count, line => CalculatorMark().Replace(line.Answer.Text, ""));

    public string? ExtractAnswer(Problem problem, GeneratedText text) => Reader.Extract(text, golds[problem.Index]);

    public bool IsCorrect(Problem problem, string? answer) => AnswerReader.IsCorrect(answer, golds[problem.Index]);

    Gold ReadGold(QuestionLine line) =>
        (line.Answer.Text.Contains(AnswerPlaces.Mark) ? Gold.Read(Gold.AfterMark(line.Answer.Text), AnswerComparison.Numeric, '.') : null)
            ?? throw Codes.DataCorrupt.With(
                $"the answer has no number after {AnswerPlaces.Mark}, or more than one", set.File.Path, line.Line);

    [GeneratedRegex("<<[^>]*>>")]
    private static partial Regex CalculatorMark();
}
