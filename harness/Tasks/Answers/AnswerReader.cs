namespace Harness.Tasks.Answers;

/// <summary>Reads answers from generated texts, and compares them with the data's.</summary>
public sealed class AnswerReader
{
    /// <summary>A pattern of the user's own that finds answers; null reads them as docs/answers.md has it.</summary>
    public AnswerPattern? Pattern { get; init; }

    /// <summary>What separates decimals in the model's texts.</summary>
    public char Point { get; init; } = '.';

    /// <summary>The labels of the choices; needed where a right answer is a choice.</summary>
    public ChoiceLabels? Labels { get; init; }

    /// <summary>The canonical answer, so that equal answers are equal strings; null where the text has none.</summary>
    public string? Extract(GeneratedText text, Gold gold)
    {
        string outside = text.OutsideThinking;
        if (Pattern is null)
            return Find(outside, text.CutOff, gold);
        return Pattern.Find(outside) is { } found ? Find(found, cutOff: false, gold) : null;
    }

    /// <param name="answer">What <see cref="Extract"/> returned.</param>
    /// <param name="gold">The right answer.</param>
    public static bool IsCorrect(string? answer, Gold gold)
    {
        if (answer is null || gold.Comparison != AnswerComparison.Numeric)
            return string.Equals(answer, gold.Text, StringComparison.Ordinal);
        return NumberField.Read(answer, '.') is { } number
            && (number.Canonical() == gold.Text || (!number.Percent && number.Canonical() == gold.Hundredth));
    }

    string? Find(string text, bool cutOff, Gold gold) => gold.Comparison switch
    {
        AnswerComparison.Numeric => FinalNumber.Find(text, cutOff, Point) is { } number ? Written(number, gold) : null,
        AnswerComparison.Choice => FinalChoice.Find(text, cutOff, Labels ?? throw new InvalidOperationException("a choice without labels")),
        _ => FinalText.Find(text, cutOff),
    };

    /// <summary>
    /// The percent sign stays where it alone tells a wrong answer from a right one: 0.5% where 50%, or 0.5 of one, is right.
    /// </summary>
    static string Written(NumberValue number, Gold gold)
    {
        string canonical = number.Canonical();
        return number.Percent && canonical == gold.Hundredth && canonical != gold.Text ? $"{canonical}%" : canonical;
    }
}
