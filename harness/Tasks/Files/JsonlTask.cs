using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Samples;
using Harness.Tasks.Answers;

namespace Harness.Tasks.Files;

/// <summary>How a jsonl task compares answers.</summary>
enum AnswerComparison
{
    /// <summary>Equal strings, ends trimmed.</summary>
    Exact,

    /// <summary>Equal decimals.</summary>
    Numeric,

    /// <summary>Equal labels: one letter or digit, in either case.</summary>
    Choice,
}

/// <summary>
/// Questions and answers of one's own: JSON Lines named by the pool's Data, with QuestionField, AnswerField, AnswerPattern and Comparison.
/// The data's answers are read as a model's are, so both sides go through the same pattern where it matches.
/// </summary>
sealed class JsonlTask : ITask, IWorkedExamples
{
    public const string DataOption = "Data";
    public const string QuestionFieldOption = "QuestionField";
    public const string AnswerFieldOption = "AnswerField";
    public const string AnswerPatternOption = "AnswerPattern";
    public const string ComparisonOption = "Comparison";

    public static IReadOnlyList<string> Options { get; } =
        [DataOption, QuestionFieldOption, AnswerFieldOption, AnswerPatternOption, ComparisonOption];

    readonly QuestionSet set;
    readonly AnswerPattern? pattern;
    readonly AnswerComparison comparison;

    public JsonlTask(TaskSettings settings)
    {
        TaskChecks.NoDifficulty(settings, "jsonl");
        pattern = Option(settings, AnswerPatternOption) is { } written ? new AnswerPattern(written) : null;
        comparison = ReadComparison(Option(settings, ComparisonOption));
        string data = Option(settings, DataOption) ?? throw Codes.MissingValue.With($"a jsonl pool needs {DataOption}, the path of its file");
        DataFile file = DataFile.Read([data], [settings.ManifestFolder, settings.DataFolder]);
        string questionField = Option(settings, QuestionFieldOption) ?? "question";
        string answerField = Option(settings, AnswerFieldOption) ?? "answer";
        set = new QuestionSet(file, QuestionFile.Read(file, questionField, answerField), settings);
        Problems = set.Problems(Reference);
    }

    public bool HasUniqueAnswers => true;

    public IReadOnlyList<Problem> Problems { get; }

    public string? DataHash => set.File.Hash;

    /// <summary>The last problems of the file; a bare answer is shown after <c>####</c>, where it is looked for.</summary>
    public IReadOnlyList<WorkedExample> Examples(int count) => set.Examples(count, Solution);

    public string? ExtractAnswer(Problem problem, string text)
    {
        if (pattern is null)
            return Final(text);
        return pattern.Find(text) is { } found ? Canonical(found) : null;
    }

    public bool IsCorrect(Problem problem, string? answer) =>
        answer is not null && Canonical(answer) is { } canonical && canonical == Canonical(problem.Answer);

    string Reference(QuestionLine line)
    {
        bool worked = comparison != AnswerComparison.Choice || line.Answer.Contains(FinalAnswer.Mark);
        string answer = pattern?.Find(line.Answer) ?? (worked ? Final(line.Answer) : null) ?? line.Answer.Trim();
        return Canonical(answer) is not null
            ? answer
            : throw Codes.DataCorrupt.With($"answer '{line.Answer}' is not {Wanted()}", set.File.Path, line.Line);
    }

    string Solution(string answer) =>
        pattern is not null || answer.Contains(FinalAnswer.Mark) ? answer : $"{FinalAnswer.Mark} {answer}";

    string? Final(string text) => comparison switch
    {
        AnswerComparison.Numeric => FinalAnswer.Number(text),
        AnswerComparison.Choice => FinalAnswer.Choice(text),
        _ => FinalAnswer.Line(text),
    };

    /// <summary>An answer that stands alone, so that equal answers are equal strings; null where it is none of the comparison's kind.</summary>
    string? Canonical(string answer) => comparison switch
    {
        AnswerComparison.Numeric => AnswerNumber.First(answer),
        AnswerComparison.Choice => FinalAnswer.Label(answer),
        _ => answer.Trim() is { Length: > 0 } text ? text : null,
    };

    string Wanted() => comparison switch
    {
        AnswerComparison.Numeric => "a number",
        AnswerComparison.Choice => "a choice: one letter or digit",
        _ => "a text",
    };

    static AnswerComparison ReadComparison(string? written)
    {
        if (written is null)
            return AnswerComparison.Exact;
        string[] names = [.. Enum.GetNames<AnswerComparison>().Select(name => name.ToLowerInvariant())];
        return Array.IndexOf(names, written.ToLowerInvariant()) is >= 0 and int place
            ? Enum.GetValues<AnswerComparison>()[place]
            : throw Codes.BadValue.With($"Comparison is '{written}'{NearestName.Hint(written, names)}");
    }

    static string? Option(TaskSettings settings, string name)
    {
        string? value = settings.Options.FirstOrDefault(option => option.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        return string.IsNullOrEmpty(value) ? null : value;
    }
}
