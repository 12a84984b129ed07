using System.Text.Json;
using Harness.Diagnostics;

namespace Harness.Tasks.Files;

/// <summary>A question and its answer, both as the data gives them.</summary>
/// <param name="Comparison">How the line wants its answer compared; null where it doesn't say.</param>
/// <param name="Line">One-based line of the file.</param>
readonly record struct QuestionLine(string Question, AnswerField Answer, string? Comparison, int Line);

/// <summary>
/// Questions as JSON Lines. Every line is read, whether it is asked or not, so that a broken file is found before anything runs.
/// </summary>
static class QuestionFile
{
    /// <param name="file">The file.</param>
    /// <param name="questionField">The field of the question, a string.</param>
    /// <param name="answerField">The field of its answer, a string or a number.</param>
    /// <param name="comparisonField">The field that says how the answer is compared, where a line has it; null where none does.</param>
    public static List<QuestionLine> Read(DataFile file, string questionField, string answerField, string? comparisonField = null)
    {
        List<QuestionLine> lines = JsonLines.Read(
            file.Bytes, file.Path,
            record => new QuestionLine(
                record.Text(questionField), record.Answer(answerField), Comparison(record, comparisonField), record.Line));
        return lines.Count > 0 ? lines : throw Codes.DataCorrupt.With("holds no problem", file.Path);
    }

    static string? Comparison(JsonRecord record, string? field)
    {
        if (field is null || record.Optional(field) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw record.Bad($"field '{field}' is not a string");
    }
}
