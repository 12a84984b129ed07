using System.Text.RegularExpressions;

namespace Harness.Tasks.Answers;

/// <summary>Reads numbers that operators join: 9 * 2 = 18 is 18, and 9 * 2 alone is no number, since nothing is worked out here.</summary>
sealed partial class NumberExpression(string text, IReadOnlyList<NumberItem> items)
{
    /// <summary>The longest text between two numbers that is read as joining them.</summary>
    const int MostBetween = 80;

    /// <summary>The longest words that work on a number: difference between.</summary>
    const int MostWords = 24;

    /// <summary>The value that is stated from an item on.</summary>
    /// <param name="end">The end of the line, or of the part of it that is read.</param>
    /// <param name="last">The item that the value is read from.</param>
    public NumberValue? Value(int item, int end, out int last)
    {
        while (true)
        {
            int closing = EndOfChain(item, end);
            if (closing == item && IsWithin(item + 2, end) && Rate().IsMatch(Between(item)) && Outcome().IsMatch(Between(item + 1)))
            {
                item += 2;
                continue;
            }
            last = closing;
            bool operand = IsOperandOfWords(item);
            if (operand)
                last = closing = EndOfList(closing, end);
            bool worked = operand || closing > item || items[item].Value is null;
            if (!IsWithin(closing + 1, end) || !(worked ? Outcome() : Equation()).IsMatch(Between(closing)))
                return worked ? null : Single(item, end);
            int next = closing + 1;
            bool plain = EndOfChain(next, end) == next && items[next].Value is not null;
            if (!worked && !plain && !IsEquationFrom(next, end))
            {
                last = EndOfChain(next, end);
                return items[item].Value;
            }
            item = next;
        }
    }

    /// <summary>Whether an operator joins an item to the one before it, so that it is an operand and no result.</summary>
    public bool IsOperand(int item) => item > 0
        && (Operator().IsMatch(Between(item - 1)) || IsShare(item - 1) || Alternative().IsMatch(Between(item - 1)));

    /// <summary>
    /// The value of the last item of a text: none of an expression that is not worked out, but what such an expression explains, as in
    /// 18 = 9 * 2 and 18 (9 * 2).
    /// </summary>
    public NumberValue? Ending(int item)
    {
        if (IsSameAsNext(item - 1) || (item > 0 && CentsAfter(item - 1) is not null))
            return Single(item - 1, items[item].End);
        if (IsOperandOfWords(item) || (item > 0 && IsOperandOfWords(item - 1) && List().IsMatch(Between(item - 1))))
            return null;
        if (!IsOperand(item) && items[item].Value is { } value)
            return IsInBracketedList(item) || IsOtherSolution(item - 1) ? null : value;
        int first = item;
        while (IsOperand(first))
            first--;
        bool explains = first > 0 && !IsOperand(first - 1)
            && (Equation().IsMatch(Between(first - 1)) || (first < item && Explanation().IsMatch(Between(first - 1))));
        return explains ? items[first - 1].Value : null;
    }

    /// <summary>The 3 of {1, 2, 3}: one of several.</summary>
    bool IsInBracketedList(int item) => item > 0 && items[item].End < text.Length && text[items[item].End] is '}' or ']' or ')'
        && List().IsMatch(Between(item - 1));

    /// <summary>x = 3 or x = -2, from the first of them.</summary>
    bool IsOtherSolution(int item) => item >= 0 && item + 1 < items.Count
        && OtherSolution().Match(Between(item)) is { Success: true } other
        && text.AsSpan(0, items[item].Start).TrimEnd(" $").EndsWith("=")
        && text.AsSpan(0, items[item].Start).TrimEnd(" =$").EndsWith(other.Groups["name"].ValueSpan);

    /// <summary>1/2 or 0.5; 3/4 or 75%.</summary>
    bool IsSameAsNext(int item) => item >= 0 && item + 1 < items.Count && Either().IsMatch(Between(item))
        && items[item].Value is { } first && items[item + 1].Value is { } second
        && (first.Canonical() == second.Canonical() || (first.Numerator is not null && second.Percent
            && second.Canonical(hundredths: true) == first.Canonical()));

    /// <summary>18 dollars and 50 cents; null where an item is not followed by cents.</summary>
    NumberValue? CentsAfter(int item) => item + 1 < items.Count && DollarsAnd().IsMatch(Between(item))
        && Cents().IsMatch(text[items[item + 1].End..Math.Min(items[item + 1].End + 8, text.Length)])
        && items[item].Value is { Numerator: null, Scale: 0, Percent: false, Whole.IsInteger: true } dollars
        && items[item + 1].Value is { IsShortInteger: true, Whole: { Digits.Length: <= 2 } cents }
            ? dollars with { Numerator = cents, Denominator = new DecimalLiteral("100", 0) }
            : null;

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

    /// <summary>Half of 70, the sum of 70 and 50: the number is worked on in words.</summary>
    bool IsOperandOfWords(int item)
    {
        int start = items[item].Start;
        return Wording.Operation().IsMatch(text[Math.Max(0, start - MostWords)..start]);
    }

    int EndOfList(int item, int end)
    {
        while (IsWithin(item + 1, end) && List().IsMatch(Between(item)))
            item++;
        return item;
    }

    /// <summary>20% of 50, 3/4 of 12.</summary>
    bool IsShare(int item) => items[item].Value is { } value
        && (value.Percent || value.Numerator is not null) && Share().IsMatch(Between(item));

    /// <summary>A number that stands alone; null where it is one of several (3 or 4; 2 hours and 5 minutes).</summary>
    NumberValue? Single(int item, int end)
    {
        if (!IsWithin(item + 1, end) || IsSameAsNext(item))
            return items[item].Value;
        if (CentsAfter(item) is { } sum)
            return sum;
        string between = Between(item);
        bool several = Alternative().IsMatch(between) || List().IsMatch(between) || Labelled().IsMatch(between) || IsOtherSolution(item);
        return several ? null : items[item].Value;
    }

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
        @"^(?:(?:\s*[A-Za-z]+){0,2}\s*,?\s*\bor|\s*(?:to|through))\b" + Opening + "$"
        + @"|^(?!.*\()\s*(?:hours?|hrs?|h|minutes?|mins?|feet|foot|ft|years?|months?|weeks?|days?|pounds?|lbs?|dollars?|miles?|"
        + @"meters?|degrees|°|'|quarters?)\.?\s*,?\s*(?:and\b)?" + Opening + "$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Alternative();

    [GeneratedRegex(@"^\s*(?:,|;|,?\s*and\b|&)" + Opening + "$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex List();

    /// <summary>Tom: 18, Ann: 19.</summary>
    [GeneratedRegex(@"^[^.\n,;]{0,20}[,;]\s*(?:and\s+)?[A-Z]\w*\s*:" + Opening + "$", RegexOptions.CultureInvariant)]
    private static partial Regex Labelled();

    [GeneratedRegex(@"^[\s$]*(?:,|,?\s*(?:and|or))[\s$]+(?<name>[A-Za-z])\s*=" + Opening + "$", RegexOptions.CultureInvariant)]
    private static partial Regex OtherSolution();

    /// <summary>9 eggs at $2, 5 boxes with 7 apples.</summary>
    [GeneratedRegex(@"^(?:\s*[A-Za-z]+){1,3}\s+(?:at|with|of)" + Opening + "$", RegexOptions.CultureInvariant)]
    private static partial Regex Rate();

    [GeneratedRegex(@"^\s*,?\s*or\b" + Opening + "$", RegexOptions.CultureInvariant)]
    private static partial Regex Either();

    [GeneratedRegex(@"^\s*(?:dollars?)?\s*,?\s*and\s*$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex DollarsAnd();

    [GeneratedRegex(@"^\s*cents?\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Cents();

    /// <summary>Words, and the bracket in which the calculation stands.</summary>
    [GeneratedRegex(@"^[^(\n]*\([\s$€£]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Explanation();
}
