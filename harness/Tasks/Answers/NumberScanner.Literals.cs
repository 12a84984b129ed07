using System.Globalization;
using System.Text;

namespace Harness.Tasks.Answers;

/// <summary>Literals: digits with their groups and decimals, fractions, powers of ten.</summary>
sealed partial class NumberScanner
{
    /// <summary>
    /// Separators of groups of three digits; spaces, apostrophes and full-width commas of every kind are folded into these.
    /// </summary>
    static readonly string[] GroupSeparators = [",", "{,}", "\\,", "\\;", "\\:", "\\!", "\\ ", "~", " ", "'", "_", ".", ",\\!", "{\\,}"];

    /// <summary>Superscripts that are not powers: degrees and ordinals.</summary>
    static readonly string[] NoPowers =
        ["\\circ", "°", "st", "nd", "rd", "th", "\\text{st}", "\\text{nd}", "\\text{rd}", "\\text{th}"];

    const string SeparatorStarts = ",{\\~ '_.";

    static readonly string[] Times = ["\\times", "\\cdot", "×", "·", "*", "x", "X"];

    static (string Top, string Bottom)? Vulgar(char c) => c switch
    {
        '½' => ("1", "2"),
        '⅓' => ("1", "3"),
        '⅔' => ("2", "3"),
        '¼' => ("1", "4"),
        '¾' => ("3", "4"),
        '⅕' => ("1", "5"),
        '⅖' => ("2", "5"),
        '⅗' => ("3", "5"),
        '⅘' => ("4", "5"),
        '⅙' => ("1", "6"),
        '⅚' => ("5", "6"),
        '⅐' => ("1", "7"),
        '⅛' => ("1", "8"),
        '⅜' => ("3", "8"),
        '⅝' => ("5", "8"),
        '⅞' => ("7", "8"),
        '⅑' => ("1", "9"),
        '⅒' => ("1", "10"),
        _ => null,
    };

    /// <summary>Digits, groups, decimals and exponent; null, with all of it passed, where they contradict each other.</summary>
    DecimalLiteral? ReadLiteral()
    {
        int start = at;
        at = SkipDigits(at);
        if (at - start is >= 1 and <= 3 && text[start] != '0' && SeparatorStarts.Contains(At(at)))
            at = EndOfGroups();
        string digits = DigitsBetween(start, at);
        int exponent = 0;
        if (PointAt(at) is > 0 and int length)
        {
            int end = SkipDigits(at + length);
            digits = string.Concat(digits, text.AsSpan(at + length, end - at - length));
            exponent = at + length - end;
            at = end;
        }
        bool broken = false;
        while ((At(at) is '.' or ',') && char.IsAsciiDigit(At(at + 1)))
        {
            broken = true;
            at = SkipDigits(at + 1);
        }
        if (At(at) is 'e' or 'E' && ReadExponentOfTen() is var (power, whole))
        {
            broken |= !whole;
            exponent += power;
        }
        return broken ? null : new DecimalLiteral(digits, exponent);
    }

    /// <summary>
    /// The length of the decimal point at a place, 0 where none is. Where decimals are written with a comma, LaTeX's {,} is one, and so
    /// is a single point that can't be one of groups.
    /// </summary>
    int PointAt(int place)
    {
        if (At(place) == point || (point == ',' && At(place) == '.'))
            return char.IsAsciiDigit(At(place + 1)) ? 1 : 0;
        return point == ',' && StartsWith(place, "{,}") && char.IsAsciiDigit(At(place + 3)) ? 3 : 0;
    }

    string DigitsBetween(int start, int end)
    {
        ReadOnlySpan<char> written = text.AsSpan(start, end - start);
        if (written.IndexOfAnyExceptInRange('0', '9') < 0)
            return written.ToString();
        StringBuilder digits = new();
        foreach (char c in written)
        {
            if (char.IsAsciiDigit(c))
                digits.Append(c);
        }
        return digits.ToString();
    }

    /// <summary>
    /// One past groups of three digits that follow; the present place where none do. A comma that separates decimals separates groups where
    /// there are several (1,234,567).
    /// </summary>
    int EndOfGroups()
    {
        foreach (string separator in GroupSeparators)
        {
            bool decimals = separator[0] == point || (point == ',' && separator == "{,}");
            if (separator[0] != text[at] || (decimals && point == '.') || !StartsWith(at, separator))
                continue;
            int end = at;
            while (StartsWith(end, separator) && IsGroup(end + separator.Length, 3))
                end += separator.Length + 3;
            if (decimals && end - at < 2 * (separator.Length + 3))
                continue;
            if (end == at && separator == ",")
                end = EndOfIndianGroups();
            if (end > at && (separator == " " || !StartsWith(end, separator) || !char.IsAsciiDigit(At(end + separator.Length))))
                return end;
        }
        return at;
    }

    bool IsGroup(int place, int length) => SkipDigits(place) == place + length;

    /// <summary>12,34,567: groups of two, and three at the end.</summary>
    int EndOfIndianGroups()
    {
        int end = at;
        while (At(end) == ',' && IsGroup(end + 1, 2))
            end += 3;
        return end > at && At(end) == ',' && IsGroup(end + 1, 3) ? end + 4 : at;
    }

    /// <summary>e-5: the power, and whether it is one that a number may have; null where the letter is no exponent.</summary>
    (int Power, bool Allowed)? ReadExponentOfTen()
    {
        int from = at + (At(at + 1) is '-' or '+' ? 2 : 1);
        int end = SkipDigits(from);
        if (end == from || char.IsLetter(At(end)))
            return null;
        int? power = Power(text[from..end], At(at + 1) == '-');
        at = end;
        return (power ?? 0, power is not null);
    }

    static int? Power(string digits, bool negative) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int power) && power <= NumberValue.MostExponent
            ? negative ? -power : power
            : null;

    /// <summary>The exponent that stands from one place to another; null where it is no whole number within bounds.</summary>
    int? ExponentBetween(int from, int to)
    {
        Span<char> buffer = stackalloc char[8];
        int count = 0;
        bool negative = false;
        foreach (char c in text.AsSpan(from, to - from))
        {
            if (c is '^' or '{' or '}' or '(' or ')' or ' ' or '+' or '*')
                continue;
            if (c is '-' or '⁻')
                negative = true;
            else if (count < buffer.Length && (char.IsAsciiDigit(c) || Folding.Superscripts.Contains(c)))
                buffer[count++] = char.IsAsciiDigit(c) ? c : (char)('0' + Folding.Superscripts.IndexOf(c));
            else
                return null;
        }
        return Power(buffer[..count].ToString(), negative);
    }

    /// <summary>The end of ^\circ, ^{\circ}, ^° or ^{th}, which are no powers; the place itself where none stands there.</summary>
    int SkipDegreesOrOrdinal(int place)
    {
        if (At(place) == '°')
            return place + 1;
        if (At(place) != '^')
            return place;
        int from = SkipSpaces(place + 1);
        if (At(from) == '°')
            return from + 1;
        int end = At(from) == '{' ? SkipBracketed(from) : from;
        if (end == from)
            return StartsWith(from, "\\circ") ? from + 5 : place;
        return NoPowers.Contains(text[(from + 1)..Math.Max(end - 1, from + 1)].Trim()) ? end : place;
    }

    /// <summary>× 10^23 after a number: its end and exponent, or null where none stands there.</summary>
    (int End, int? Power)? TimesPowerOfTen(int place)
    {
        int from = SkipSpaces(place);
        if (!"\\×·*xX".Contains(At(from)))
            return null;
        string? times = Array.Find(Times, sign => StartsWith(from, sign));
        if (times is null)
            return null;
        from = SkipSpaces(from + times.Length);
        if (!StartsWith(from, "10") || char.IsAsciiDigit(At(from + 2)))
            return null;
        int end = SkipExponent(from + 2);
        return end > from + 2 ? (end, ExponentBetween(from + 2, end)) : null;
    }

    bool IsFractionCommand(int place)
    {
        int name = place + 1;
        string? fraction = Array.Find(Fractions, command => StartsWith(name, command));
        if (At(place) != '\\' || fraction is null)
            return false;
        int from = SkipSpaces(name + fraction.Length);
        return At(from) == '{' || char.IsAsciiDigit(At(from));
    }

    /// <summary>\frac{3}{4} or \frac34 at the present place; passed whole, null where a part is no plain number.</summary>
    (DecimalLiteral Top, DecimalLiteral Bottom, bool Negative)? ReadFractionCommand()
    {
        at++;
        while (char.IsAsciiLetter(At(at)))
            at++;
        (DecimalLiteral? top, bool topNegative) = ReadFractionPart();
        (DecimalLiteral? bottom, bool bottomNegative) = ReadFractionPart();
        return top is { } numerator && bottom is { } denominator && IsFraction(numerator, denominator)
            ? (numerator, denominator, topNegative != bottomNegative)
            : null;
    }

    (DecimalLiteral? Value, bool Negative) ReadFractionPart()
    {
        at = SkipSpaces(at);
        if (char.IsAsciiDigit(At(at)))
            return (new DecimalLiteral(text[at++].ToString(), 0), false);
        if (At(at) != '{')
            return (null, false);
        int end = SkipBracketed(at);
        string part = text[(at + 1)..Math.Max(end - 1, at + 1)].Trim();
        at = end;
        bool negative = part.StartsWith('-');
        NumberScanner inner = new(part, part, point, wholeField: true);
        inner.at = negative ? inner.SkipSpaces(1) : 0;
        DecimalLiteral? literal = char.IsAsciiDigit(inner.At(inner.at)) ? inner.ReadLiteral() : null;
        return inner.at == part.Length ? (literal, negative) : (null, false);
    }

    static bool IsFraction(DecimalLiteral top, DecimalLiteral bottom) => !bottom.IsZero
        && top.Digits.Length <= NumberValue.MostFractionDigits && bottom.Digits.Length <= NumberValue.MostFractionDigits
        && Math.Abs(top.Exponent) <= NumberValue.MostExponent && Math.Abs(bottom.Exponent) <= NumberValue.MostExponent;

    static (DecimalLiteral Top, DecimalLiteral Bottom) Literals((string Top, string Bottom) vulgar) =>
        (new(vulgar.Top, 0), new(vulgar.Bottom, 0));
}
