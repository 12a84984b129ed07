namespace Harness.Tasks.Answers;

/// <summary>A field that is a number and nothing else, as the data's own answers must be.</summary>
static class NumberField
{
    /// <summary>Null where the field is anything but one number; a currency and a closing full stop are allowed.</summary>
    public static NumberValue? Read(string field, char point)
    {
        if (field.AsSpan().IndexOfAnyInRange('0', '9') < 0 && field.Length > 8)
            return null;
        string original = field.Trim();
        if (original is ['$', .. { Length: > 0 } inside, '$'] && !inside.Contains('$'))
            original = inside;
        string text = Folding.Fold(original);
        if (text.Length > 0 && !CanBegin(text[0]))
            return null;
        List<NumberItem> items = NumberScanner.Scan(original, text, point, wholeField: true);
        return items is [var only] && IsBefore(text.AsSpan(0, only.Start)) && IsAfter(text.AsSpan(only.End)) ? only.Value : null;
    }

    /// <summary>Letters only of a currency, of minus and of negative.</summary>
    static bool CanBegin(char c) => !char.IsLetter(c) || "mMnNUREGICAHJ".Contains(c);

    static bool IsBefore(ReadOnlySpan<char> text) => text.Trim(" +") is "" or ['$' or '€' or '£' or '¥' or '₹'] or "\\$";

    static bool IsAfter(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> rest = text.Trim();
        if (rest is ['.', ..])
            rest = rest[1..];
        return rest is "" || (rest.Length == 1 && NumberScanner.IsCurrency(rest[0])) || rest is "\\$";
    }
}
