namespace Harness.Tasks.Answers;

/// <summary>The data's own answer, read once.</summary>
/// <param name="Text">The canonical string: equal answers have equal ones.</param>
/// <param name="Hundredth">For an answer in per cent, the other right answer, without the sign (0.5 for 50%), canonical; else null.</param>
public sealed record Gold(AnswerComparison Comparison, string Text, string? Hundredth)
{
    /// <summary>Null where the field is not wholly an answer of its kind.</summary>
    /// <param name="field">A field of the data, or the part of it that a pattern or a mark picks out.</param>
    /// <param name="point">What separates decimals in it.</param>
    public static Gold? Read(string field, AnswerComparison comparison, char point) => comparison switch
    {
        AnswerComparison.Numeric => NumberField.Read(field, point) is { } number
            ? new Gold(comparison, number.Canonical(), number.Percent ? number.Canonical(hundredths: true) : null)
            : null,
        AnswerComparison.Choice => FinalChoice.Field(field) is { } label ? new Gold(comparison, label, null) : null,
        _ => FinalText.Canonical(field) is { } text ? new Gold(comparison, text, null) : null,
    };

    /// <summary>What <see cref="Read"/> expects, for a message.</summary>
    public static string Wanted(AnswerComparison comparison) => comparison switch
    {
        AnswerComparison.Numeric => "a number and nothing else",
        AnswerComparison.Choice => "a choice: one letter or digit",
        _ => "a text",
    };

    /// <summary>The part of a worked solution that holds its answer: what follows the first mark; all of it where there is none.</summary>
    public static string AfterMark(string solution) =>
        solution.IndexOf(AnswerPlaces.Mark, StringComparison.Ordinal) is >= 0 and int mark
            ? solution[(mark + AnswerPlaces.Mark.Length)..].TrimStart('#').Trim()
            : solution.Trim();
}
