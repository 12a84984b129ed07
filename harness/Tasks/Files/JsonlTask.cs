using Harness.Diagnostics;
using Harness.Samples;
using Harness.Tasks.Answers;

namespace Harness.Tasks.Files;

/// <summary>
/// Questions and answers of the user's own: JSON Lines named by the pool's Data, with QuestionField, AnswerField, AnswerPattern,
/// Comparison, ComparisonField and Decimal. Where the pattern matches in the data's answer, its match is the answer; else it is what
/// follows <c>####</c>; else the whole field.
/// </summary>
sealed class JsonlTask : ITask, IWorkedExamples
{
    public const string DataOption = "Data";
    public const string QuestionFieldOption = "QuestionField";
    public const string AnswerFieldOption = "AnswerField";
    public const string AnswerPatternOption = "AnswerPattern";
    public const string ComparisonOption = "Comparison";
    public const string ComparisonFieldOption = "ComparisonField";
    public const string DecimalOption = "Decimal";

    public static IReadOnlyList<string> Options { get; } =
        [DataOption, QuestionFieldOption, AnswerFieldOption, AnswerPatternOption, ComparisonOption, ComparisonFieldOption, DecimalOption];

    readonly QuestionSet set;
    readonly AnswerPattern? pattern;
    readonly AnswerComparison comparison;
    readonly char point;
    readonly AnswerReader reader;
    readonly IReadOnlyList<Gold> golds;

    public JsonlTask(TaskSettings settings)
    {
        TaskChecks.NoDifficulty(settings, "jsonl");
        pattern = Option(settings, AnswerPatternOption) is { } written ? new AnswerPattern(written) : null;
        comparison = AnswerOptions.Comparison(Option(settings, ComparisonOption));
        point = AnswerOptions.Point(Option(settings, DecimalOption));
        string data = Option(settings, DataOption)
            ?? throw Codes.MissingValue.With($"a jsonl pool needs {DataOption}, the path of its file");
        DataFile file = DataFile.Read([data], [settings.ManifestFolder, settings.DataFolder]);
        string questionField = Option(settings, QuestionFieldOption) ?? "question";
        string answerField = Option(settings, AnswerFieldOption) ?? "answer";
        List<QuestionLine> lines = QuestionFile.Read(file, questionField, answerField, Option(settings, ComparisonFieldOption));
        set = new QuestionSet(file, lines, settings);
        Gold[] all = [.. lines.Select(ReadGold)];
        golds = set.Asked(all);
        ChoiceLabels labels = new(lines.Where((_, i) => all[i].Comparison == AnswerComparison.Choice).Select(Answer));
        reader = new AnswerReader { Pattern = pattern, Point = point, Labels = labels };
        Problems = set.Problems(Answer);
    }

    public IReadOnlyList<Problem> Problems { get; }

    public string? DataHash => set.File.Hash;

    /// <summary>The last problems of the file; a bare answer is shown after <c>####</c>, so that models write theirs there.</summary>
    public IReadOnlyList<WorkedExample> Examples(int count) => set.Examples(count, Solution);

    public string? ExtractAnswer(Problem problem, GeneratedText text) => reader.Extract(text, golds[problem.Index]);

    public bool IsCorrect(Problem problem, string? answer) => AnswerReader.IsCorrect(answer, golds[problem.Index]);

    Gold ReadGold(QuestionLine line)
    {
        AnswerComparison kind = line.Comparison is null
            ? comparison
            : AnswerOptions.Named(line.Comparison)
                ?? throw Codes.DataCorrupt.With(AnswerOptions.Unknown(line.Comparison), set.File.Path, line.Line);
        return Gold.Read(Answer(line), kind, line.Answer.IsNumber ? '.' : point)
            ?? throw Codes.DataCorrupt.With($"answer '{line.Answer.Text}' is not {Gold.Wanted(kind)}", set.File.Path, line.Line);
    }

    string Answer(QuestionLine line) => pattern?.Find(line.Answer.Text) ?? Gold.AfterMark(line.Answer.Text);

    string Solution(QuestionLine line) =>
        pattern is not null || line.Answer.Text.Contains(AnswerPlaces.Mark) ? line.Answer.Text : $"{AnswerPlaces.Mark} {line.Answer.Text}";

    static string? Option(TaskSettings settings, string name)
    {
        string? value = settings.Options.FirstOrDefault(option => option.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        return string.IsNullOrEmpty(value) ? null : value;
    }
}
