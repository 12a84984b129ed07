using System.Text.Json;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Tasks.Answers;

namespace Harness.Tasks.Files;

/// <summary>A text of a model with the right answer to its question.</summary>
/// <param name="Answer">As the file has it.</param>
/// <param name="Labels">The choices that the line lists; null where it lists none.</param>
/// <param name="Line">One-based.</param>
sealed record TextLine(GeneratedText Text, string Answer, Gold Gold, ChoiceLabels? Labels, int Line);

/// <summary>
/// Texts to be judged, as JSON Lines: <c>text</c> and <c>answer</c>, and where they apply <c>comparison</c>, <c>cut</c> (whether the text
/// was cut off) and <c>choices</c> (a list of labels).
/// </summary>
/// <param name="comparison">How answers are compared where a line doesn't say.</param>
/// <param name="point">What separates decimals.</param>
/// <param name="pattern">Finds answers in the data too.</param>
sealed class TextFile(AnswerComparison comparison, char point, AnswerPattern? pattern)
{
    /// <exception cref="HarnessException">HRN0302 with the line that is not as described above.</exception>
    public List<TextLine> Read(ReadOnlySpan<byte> bytes, string path)
    {
        List<TextLine> lines = JsonLines.Read(bytes, path, ReadLine);
        return lines.Count > 0 ? lines : throw Codes.DataCorrupt.With("holds no text", path);
    }

    TextLine ReadLine(JsonRecord record)
    {
        GeneratedText text = new(record.AnyText("text")) { CutOff = Flag(record, "cut") };
        AnswerField answer = record.Answer("answer");
        AnswerComparison kind = Comparison(record);
        string field = pattern?.Find(answer.Text) ?? Gold.AfterMark(answer.Text);
        Gold gold = Gold.Read(field, kind, answer.IsNumber ? '.' : point)
            ?? throw record.Bad($"answer '{answer.Text}' is not {Gold.Wanted(kind)}");
        return new TextLine(text, field, gold, Choices(record), record.Line);
    }

    AnswerComparison Comparison(JsonRecord record)
    {
        if (record.Optional("comparison") is not { ValueKind: not JsonValueKind.Null } value)
            return comparison;
        string written = value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw record.Bad("field 'comparison' is not a string");
        return AnswerOptions.Named(written) ?? throw record.Bad(AnswerOptions.Unknown(written));
    }

    static bool Flag(JsonRecord record, string name) => record.Optional(name) switch
    {
        null or { ValueKind: JsonValueKind.False or JsonValueKind.Null } => false,
        { ValueKind: JsonValueKind.True } => true,
        _ => throw record.Bad($"field '{name}' is neither true nor false"),
    };

    static ChoiceLabels? Choices(JsonRecord record)
    {
        if (record.Optional("choices") is not { ValueKind: not JsonValueKind.Null } value)
            return null;
        string?[] labels = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(Label)] : [null];
        return labels.Length > 0 && labels.All(label => label is not null)
            ? ChoiceLabels.Listed([.. labels.OfType<string>()])
            : throw record.Bad("field 'choices' is not a list of labels, one letter or digit each");
    }

    static string? Label(JsonElement label) =>
        label.ValueKind == JsonValueKind.String ? FinalChoice.FieldAsWritten(label.GetString()!) : null;
}
