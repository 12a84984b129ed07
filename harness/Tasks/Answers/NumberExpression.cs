using System.Text.RegularExpressions;

namespace Harness.Tasks.Answers;

/// <summary>Reads numbers that operators join: 9 * 2 = 18 is 18, and 9 * 2 alone is no number, since nothing is worked out here.</summary>
sealed partial class NumberExpression(string text, IReadOnlyList<NumberItem> items)
{
    /// <summary>The longest text between two numbers that is read as joining them.</summary>
    const int MostBetween = 80;

    /// <summary>The value that is stated from an item on.</summary>
    /// <param name="end">The end of the line, or of the part of it that is read.</param>
    /// <param name="last">The item that the value is read from.</param>
    public NumberValue? Value(int item, int end, out int last)
    {
        while (true)
        {
            int closing = EndOfChain(item, end);
            last = closing;
            bool worked = closing > item || items[item].Value is null;
            if (!IsWithin(closing + 1, end) || !(worked ? Outcome() : Equation()).IsMatch(Between(closing)))
                return worked ? null : Single(item, end);
            int next = closing + 1;
            bool plain = EndOfChain(next, end) == next && items[next].Value is not null;
            if (!worked && !plain && !IsEquationFrom(next, end))
                return items[item].Value;
            item = next;
        }
    }

    /// <summary>Whether an operator joins an item to the one before it, so that it is an operand and no result.</summary>
    public bool IsOperand(int item) => item > 0
        && (Operator().IsMatch(Between(item - 1)) || IsShare(item - 1) || Alternative().IsMatch(Between(item - 1)));

    /// <summary>5 + 3 after an equals sign is a reason and no result, unless it goes on to one.</summary>
    bool IsEquationFrom(int item, int end)
    {
        int closing = EndOfChain(item, end);
        return IsWithin(closing + 1, end) && Equation().IsMatch(Between(closing));
    }

    int EndOfChain(int item, int end)
    {
        while (IsWithin(item + 1, end) && (Operator().IsMatch(Between(item)) || IsShare(item)))
            item++;
        return item;
    }

    /// <summary>20% of 50, 3/4 of 12.</summary>
    bool IsShare(int item) => items[item].Value is { } value
        && (value.Percent || value.Numerator is not null) && Share().IsMatch(Between(item));

    /// <summary>A number that stands alone; null where it is one of several (3 or 4; 2 hours and 5 minutes).</summary>
    NumberValue? Single(int item, int end) =>
        IsWithin(item + 1, end) && (Alternative().IsMatch(Between(item)) || List().IsMatch(Between(item))) ? null : items[item].Value;

    bool IsWithin(int item, int end) => item < items.Count && items[item].Start < end;

    /// <summary>What stands between an item and the next, without bold marks; a line break joins nothing.</summary>
    string Between(int item)
    {
        (int from, int to) = (items[item].End, items[item + 1].Start);
        if (to - from > MostBetween || to < from)
            return "\n";
        ReadOnlySpan<char> between = text.AsSpan(from, to - from);
        return between.Contains('\n') ? "\n" : between.ToString().Replace("**", "", StringComparison.Ordinal);
    }

    const string Closing = @"[\s)}\]]*";
    const string Unit = @"(?:\s*(?!(?:and|or|but|so|then|because|since|where|if|when)\b)(?:\\text\{)?\(?[A-Za-z°'/]+\.?\)?\}?){0,5}";
    const string Opening = @"[\s({\[$€£¥]*(?:\\[$(\[,;! ]|\\left\(?|\\text\{|US\$)*[\s({\[$€£¥]*";

    [GeneratedRegex(
        @"^[\s)}\]]*" + Unit + @"[\s)}\]$]*(?:[-+*×÷/·]|\\times|\\cdot|\\div|\b[xX]\b"
        + @"|\b(?:plus|minus|times|divided by|multiplied by|to the power of|more than|less than|fewer than)\b)"
        + Opening + "$", RegexOptions.CultureInvariant)]
    private static partial Regex Operator();

    /// <summary>What leads from a number to another writing of it: 2 dozen = 24.</summary>
    [GeneratedRegex(@"^" + Closing + Unit + @"[\s)}\]$]*(?:=|≈|\\approx|\bequals\b)" + Opening + "$", RegexOptions.CultureInvariant)]
    private static partial Regex Equation();

    /// <summary>What leads from a sum or a product to its value.</summary>
    [GeneratedRegex(
        @"^(?![^=≈]*\b(?:and|but|so|then)\b)[^.;?!\n=≈]{0,60}?(?:=|≈|\\approx|\bequals\b|\bis\b|\bis equal to\b|"
        + @"\bwhich is\b|\bwhich equals\b|\bgives\b)" + Opening + "$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Outcome();

    [GeneratedRegex(@"^\s*of\s+(?:the\s+|her\s+|his\s+)?" + Opening + "$", RegexOptions.CultureInvariant)]
    private static partial Regex Share();

    [GeneratedRegex(
        @"^(?:\s*[A-Za-z]+){0,2}\s*,?\s*\b(?:or|to|through)\b" + Opening + "$"
        + @"|^\s*(?:hours?|hrs?|h|minutes?|mins?|feet|foot|ft|years?|months?|weeks?|days?|pounds?|lbs?|dollars?|miles?|"
        + @"meters?|degrees|°|'|quarters?)\.?\s*,?\s*(?:and\b)?" + Opening + "$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Alternative();

    [GeneratedRegex(@"^\s*(?:,|;|,?\s*and\b|&)" + Opening + "$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex List();
}
