using System.Buffers;

namespace Harness.Tasks.Answers;

/// <summary>A number as a whole: sign, literal or fraction, and what follows it and changes it.</summary>
sealed partial class NumberScanner
{
    static readonly (string Word, int Power)[] Multipliers =
        [("hundred", 2), ("thousand", 3), ("lakh", 5), ("million", 6), ("crore", 7), ("billion", 9), ("trillion", 12)];

    static readonly SearchValues<char> Variables = SearchValues.Create("xyznij");

    /// <summary>Words after "7 out of 10" that are not what is counted.</summary>
    static readonly string[] AfterShare = ["chance", "times", "is", "or", "and", "so", "which", "because", "but"];

    /// <summary>Parts of one. Quarters are not among them: they are coins too.</summary>
    static readonly (string Word, string Bottom)[] PartWords =
    [
        ("thirds", "3"), ("fourths", "4"), ("fifths", "5"), ("sixths", "6"), ("eighths", "8"), ("tenths", "10"), ("hundredths", "100"),
    ];

    /// <summary>What has a number and a letter for its name.</summary>
    static readonly string[] Named =
        ["class", "grade", "team", "room", "group", "section", "block", "gate", "bus", "flight", "row", "seat"];

    static readonly string[] PowerWords = ["squared", "cubed", "factorial"];

    static readonly string[] PercentWords = ["percent", "per cent", "percentage", "pct"];

    void ReadNumber()
    {
        int start = at;
        if (EndOfName(start) is { } name)
        {
            at = name;
            return;
        }
        bool spoiled = start < spoiledUntil || IsTermOfVariable(start);
        spoiledUntil = -1;
        NumberValue? value = ReadMagnitude();
        value = ReadScale(value, start);
        int end = at;
        bool letters = SpoiledByLetters() || (wholeField && at > end);
        bool tail = SpoiledByTail() || IsFactorial(start) || IsDayOfDate() || IsDayOfWeek(start);
        if (IsNegative(start, out int first) && value is not null)
            value = value with { Negative = !value.Negative };
        bool magnitude = first < start && At(first - 1) == '|' && At(at) == '|';
        items.Add(new NumberItem(first, at, spoiled || letters || tail || magnitude || IsBound(start) ? null : value));
    }

    /// <summary>One past class 4B and the 4A team; null where no such name stands here: 12A is a current, $5B a sum of money.</summary>
    int? EndOfName(int start)
    {
        int end = SkipDigits(start), before = SkipSpacesBack(start), after = SkipSpaces(end + 1);
        return end - start is 1 or 2 && char.IsAsciiLetterUpper(At(end)) && !char.IsLetterOrDigit(At(end + 1))
            && Array.Exists(Named, thing => EndsWithWord(before, thing) || StartsWithWord(after, thing)) ? end + 1 : null;
    }

    NumberValue? ReadMagnitude()
    {
        if (Vulgar(text[at]) is { } vulgar)
        {
            at++;
            return Fraction(Literals(vulgar));
        }
        if (text[at] == '\\')
            return ReadFractionCommand() is var (top, bottom, negative) ? Fraction((top, bottom)) with { Negative = negative } : null;
        int start = at;
        DecimalLiteral? literal = ReadLiteral();
        if (SkipDegreesOrOrdinal(at) is var end && end > at)
        {
            at = end;
            literal = wholeField ? null : literal;
        }
        else if ((end = SkipExponent(at)) > at)
        {
            int? power = text.AsSpan(start, at - start) is "10" ? ExponentBetween(at, end) : null;
            at = end;
            return power is { } exponent ? new NumberValue { Whole = DecimalLiteral.One, Scale = exponent } : null;
        }
        if (literal is { } whole && ReadFractionAfter(whole) is { } fraction)
            return fraction.Value;
        if (TimesPowerOfTen(at) is { } times)
        {
            at = times.End;
            return literal is { } mantissa && times.Power is { } scale ? new NumberValue { Whole = mantissa, Scale = scale } : null;
        }
        return literal is { } plain ? new NumberValue { Whole = plain } : null;
    }

    /// <summary>x + 1, 2y-3: a sum or product with a variable, a letter of its own or after digits.</summary>
    bool IsTermOfVariable(int start)
    {
        int sign = SkipSpacesBack(start);
        if (sign == 0 || text[sign - 1] is not ('+' or '*' or '/' or '^' or '×' or '·' or '-'))
            return false;
        int letter = SkipSpacesBack(sign - 1);
        return letter > 0 && char.IsAsciiLetter(text[letter - 1]) && text[letter - 1] is not ('a' or 'I') && !char.IsLetter(At(letter - 2))
            && At(letter - 2) is not ('\'' or '\\') && (letter < sign - 1 == sign < start);
    }

    /// <summary>
    /// Behind a sign of comparison, as in x > 5; the end of a tag, an arrow and a quotation at the beginning of a line are none.
    /// </summary>
    bool IsBound(int start)
    {
        int sign = SkipSpacesBack(SkipCurrencyBack(start));
        if (sign == 0 || text[sign - 1] is not ('<' or '>' or '≤' or '≥' or '≠'))
            return false;
        if (text[sign - 1] != '>')
            return text[sign - 1] != '<' || At(at) != '>';
        char before = At(sign - 2);
        if (before is '-' or '=' or '>' or '/' or '"' or '\n' or '\0')
            return false;
        int tag = text.LastIndexOf('<', sign - 1, Math.Min(sign, LongestTag));
        return tag < 0 || text.AsSpan(tag, sign - tag).ContainsAny(' ', '\n');
    }

    const int LongestTag = 24;

    static NumberValue Fraction((DecimalLiteral Top, DecimalLiteral Bottom) parts, DecimalLiteral? whole = null) =>
        new() { Whole = whole, Numerator = parts.Top, Denominator = parts.Bottom };

    readonly record struct Read(NumberValue? Value);

    /// <summary>3/4, 2 1/2, 2½ and 2\frac12 once the first literal is read; null, with nothing passed, without a fraction.</summary>
    Read? ReadFractionAfter(DecimalLiteral first)
    {
        int slash = SkipSpaces(at);
        if (At(slash) == '/' && char.IsAsciiDigit(At(SkipSpaces(slash + 1))) && (slash > at) == (At(slash + 1) == ' '))
        {
            at = SkipSpaces(slash + 1);
            DecimalLiteral? second = ReadLiteral();
            bool date = At(at) == '/' && char.IsAsciiDigit(At(at + 1));
            while (At(at) == '/' && char.IsAsciiDigit(At(at + 1)))
                at = SkipDigits(at + 1);
            int power = SkipExponent(at);
            bool plain = power == at && !date;
            at = power;
            return new Read(plain && second is { } bottom && IsFraction(first, bottom) ? Fraction((first, bottom)) : null);
        }
        if (first.Exponent != 0 || first.Digits.Length > NumberValue.MostFractionDigits)
            return null;
        foreach ((string parts, string bottom) in PartWords)
        {
            if (At(at) == ' ' && StartsWithWord(at + 1, parts))
            {
                at += parts.Length + 1;
                return new Read(Fraction((first, new DecimalLiteral(bottom, 0))));
            }
        }
        return ReadShare(first) ?? ReadMixed(first);
    }

    /// <summary>7 out of 10 and 1 in 4 at the end of a sentence; 7 out of 10 eggs are 7.</summary>
    Read? ReadShare(DecimalLiteral part)
    {
        string words = StartsWith(at, " out of ") ? " out of " : " in ";
        int from = at + words.Length;
        int end = SkipDigits(from);
        if (!StartsWith(at, words) || end == from || At(from) == '0' || At(end) is ',' or '.' && char.IsAsciiDigit(At(end + 1)))
            return null;
        DecimalLiteral whole = new(text[from..end], 0);
        bool shares = words == " out of "
            ? !char.IsLetter(At(SkipSpaces(end))) || Array.Exists(AfterShare, word => StartsWithWord(SkipSpaces(end), word))
            : IsProper(part, whole) && (At(end) is '\0' or '\n' or '.' or ',' or '!' or ')' || StartsWith(end, " chance"));
        if ((!shares && words == " in ") || !IsFraction(part, whole))
            return null;
        at = end;
        return new Read(shares ? Fraction((part, whole)) : new NumberValue { Whole = part });
    }

    Read? ReadMixed(DecimalLiteral whole)
    {
        int from = SkipMixedGap(at);
        if (Vulgar(At(from)) is { } vulgar)
        {
            at = from + 1;
            return new Read(Fraction(Literals(vulgar), whole));
        }
        if (At(from) is 'a' or 'o'
            && (StartsWithWord(from, "a half") || StartsWithWord(from, "one half") || StartsWithWord(from, "one-half")))
        {
            at = text.IndexOf("half", from, StringComparison.OrdinalIgnoreCase) + 4;
            return new Read(Fraction(Literals(("1", "2")), whole));
        }
        int resume = at;
        if (IsFractionCommand(from))
        {
            at = from;
            if (ReadFractionCommand() is (var top, var bottom, false) && IsProper(top, bottom))
                return new Read(Fraction((top, bottom), whole));
        }
        else if (from > at && char.IsAsciiDigit(At(from)) && SkipDigits(from) is var slash && At(slash) == '/' && IsShort(from, slash)
            && SkipDigits(slash + 1) is var end && IsShort(slash + 1, end) && At(end) is not ('/' or '^'))
        {
            (DecimalLiteral top, DecimalLiteral bottom) = (new(text[from..slash], 0), new(text[(slash + 1)..end], 0));
            at = end;
            if (IsProper(top, bottom))
                return new Read(Fraction((top, bottom), whole));
        }
        at = resume;
        return null;
    }

    static bool IsShort(int from, int to) => to - from is >= 1 and <= 4;

    /// <summary>Only a fraction below one is the second part of a mixed number.</summary>
    static bool IsProper(DecimalLiteral top, DecimalLiteral bottom) => top.Exponent == 0 && bottom.Exponent == 0
        && top.Digits.Length <= 4 && bottom.Digits.Length <= 4 && top.Scaled(0) < bottom.Scaled(0) && !top.IsZero;

    int SkipMixedGap(int place)
    {
        int from = place;
        while (true)
        {
            int next = SkipSpaces(from);
            if (At(next) is '~')
                next++;
            else if (At(next) == '\\' && At(next + 1) is ',' or ';' or ' ' or ':')
                next += 2;
            if (next == from)
                break;
            from = next;
        }
        return from > place && StartsWith(from, "and ") ? SkipSpaces(from + 4) : from;
    }

    (string Word, int Power)? MultiplierAt(int place)
    {
        if (char.ToLowerInvariant(At(place)) is not ('h' or 't' or 'm' or 'b' or 'l' or 'c'))
            return null;
        foreach ((string word, int power) in Multipliers)
        {
            if (StartsWithWord(place, word))
                return (word, power);
            if (StartsWithWord(place, $"{word}s"))
                return ($"{word}s", power);
        }
        return null;
    }

    /// <summary>k and bn after digits; m, mn and b too after a sum of money.</summary>
    (int Length, int Power)? ShortMultiplierAt(int place, bool ofMoney)
    {
        int length = At(place + 1) is 'n' or 'N' ? 2 : 1;
        char after = At(place + length);
        int power = (char.ToLowerInvariant(At(place)), length) switch
        {
            ('k', 1) => 3,
            ('b', 2) => 9,
            ('m', _) when ofMoney => 6,
            ('b', _) when ofMoney => 9,
            _ => 0,
        };
        return power == 0 || char.IsLetterOrDigit(after) || after == '^' ? null : (length, power);
    }

    /// <summary>Million and the like, k after digits, m and b after a sum of money, per cent.</summary>
    NumberValue? ReadScale(NumberValue? value, int start)
    {
        int power = 0;
        while (MultiplierAt(SkipSpaces(at)) is var (word, exponent))
        {
            at = SkipSpaces(at) + word.Length;
            power += exponent;
        }
        if (ShortMultiplierAt(at, ofMoney: SkipCurrencyBack(start) < start) is var (length, ten))
        {
            power += ten;
            at += length;
        }
        int from = SkipSpaces(at);
        bool percent = true;
        if (At(from) == '%')
            at = from + 1;
        else if (At(from) == '\\' && At(from + 1) == '%')
            at = from + 2;
        else if (At(from) is 'p' or 'P' && Array.Find(PercentWords, word => StartsWithWord(from, word)) is { } written)
            at = from + written.Length;
        else
            percent = false;
        if (value is null)
            return null;
        (int exponentOfAll, int digits) = (value.Scale + power + (value.Whole?.Exponent ?? 0), value.Whole?.Digits.Length ?? 0);
        if (Math.Abs(exponentOfAll) > NumberValue.MostExponent + digits)
            return null;
        return power == 0 && !percent ? value : value with { Scale = value.Scale + power, Percent = percent };
    }

    /// <summary>Letters that make it another thing: 3x, 2πr, 0x1F, 3i. Units and ordinals (5kg, 1st) don't.</summary>
    bool SpoiledByLetters()
    {
        if (!char.IsLetter(At(at)))
            return false;
        int end = at;
        while (char.IsLetter(At(end)))
            end++;
        ReadOnlySpan<char> letters = text.AsSpan(at, end - at);
        if (letters[0] is 'x' or 'X' && text[at - 1] == '0' && !char.IsAsciiDigit(At(at - 2)) && At(at - 2) != '.')
        {
            while (char.IsLetterOrDigit(At(end)))
                end++;
            at = end;
            return true;
        }
        if (letters is "x" or "X" && char.IsAsciiDigit(At(end)))
            return false;
        bool spoiled = letters.IndexOfAnyExcept(Variables) < 0 || letters[0] == 'π'
            || (letters is "b" && text[at - 1] == '0' && char.IsAsciiDigit(At(end)));
        if (!spoiled && char.IsAsciiDigit(At(end)))
        {
            spoiled = !(At(end) is '2' or '3' && letters is "m" or "cm" or "mm" or "km" or "ft" or "in" or "yd" or "dm");
            end = SkipDigits(end);
        }
        int power = SkipExponent(end);
        at = power;
        return spoiled;
    }

    /// <summary>A ratio, a clock, a date, a range, the base of a number or a tolerance: passed whole.</summary>
    bool SpoiledByTail()
    {
        if (At(at) == '-' && IsDifference())
            return false;
        bool spoiled = false;
        while (true)
        {
            char c = At(at);
            if ((c == ':' || (c == '-' && !IsCurrency(At(at + 1)))) && char.IsAsciiDigit(At(at + 1)))
                at = SkipDigits(at + 1);
            else if (At(at) == ' ' && At(at + 1) == ':' && At(at + 2) == ' ' && char.IsAsciiDigit(At(at + 3)))
                at = SkipDigits(at + 3);
            else if (c == '_' && (At(at + 1) == '{' || char.IsAsciiDigit(At(at + 1))))
                at = At(at + 1) == '{' ? SkipBracketed(at + 1) : SkipDigits(at + 1);
            else if (Folding.Subscripts.Contains(c))
                at++;
            else if ((EndOfTolerance() ?? EndOfWords()) is { } end)
                at = end;
            else
                return spoiled;
            spoiled = true;
        }
    }

    /// <summary>10-5 = 5 is a difference that its line works out; 3-5 and 2024-05-01 are not.</summary>
    bool IsDifference()
    {
        int end = at;
        while (At(end) == '-' && char.IsAsciiDigit(At(end + 1)))
            end = SkipDigits(end + 1);
        return At(SkipSpaces(end)) == '=' || At(SkipSpaces(end)) == '≈';
    }

    /// <summary>5! before the end of a formula, an operator or a digit, and (5!); at the end of a sentence it is an exclamation.</summary>
    bool IsFactorial(int start)
    {
        if (At(at) != '!')
            return false;
        bool formula = At(SkipSpaces(at + 1)) is '=' or '/' or '^' or '}' or '$' or '\\' or '·' or '×' || char.IsAsciiDigit(At(at + 1));
        if (!formula && !(At(at + 1) == ')' && At(start - 1) is '(' or '!'))
            return false;
        at++;
        return true;
    }

    /// <summary>Monday the 3rd.</summary>
    bool IsDayOfWeek(int start) => char.IsAsciiLetter(At(at - 1)) && text.AsSpan(0, start).EndsWith("day the ");

    /// <summary>25 December 2023: passed whole.</summary>
    bool IsDayOfDate()
    {
        int month = SkipSpaces(at);
        int end = month;
        while (char.IsAsciiLetter(At(end)))
            end++;
        int year = SkipSpaces(end);
        if (month == at || year == end || SkipDigits(year) != year + 4 || !IsMonth(text.AsSpan(month, end - month)))
            return false;
        at = year + 4;
        return true;
    }

    /// <summary>10 squared, 3 remainder 2, 3 R 2, 18 or more, 18+: other values than the number. Null where no such words follow.</summary>
    int? EndOfWords()
    {
        int from = SkipSpaces(at);
        if (StartsWith(from, "\\text{"))
            from = SkipSpaces(from + 6);
        if (Array.Find(PowerWords, power => StartsWithWord(from, power)) is { } word)
            return from + word.Length;
        int rest = SkipDigits(SkipSpaces(from + (StartsWithWord(from, "remainder") ? "remainder".Length : 1)));
        if (At(from) is 'r' or 'R' && char.IsAsciiDigit(At(rest - 1)))
            return rest;
        if (At(at) == '+' && At(SkipSpaces(at + 1)) is '\0' or '\n' or '.' or '}' or '*' or '$')
            return at + 1;
        return MoreOrLess.FirstOrDefault(bound => StartsWithWord(from, bound)) is { } more ? from + more.Length : null;
    }

    static readonly string[] MoreOrLess = ["or more", "or less", "or fewer"];

    int? EndOfTolerance()
    {
        int from = SkipSpaces(at);
        if (At(from) is not ('±' or '\\' or '+' or 'p'))
            return null;
        foreach (string sign in (ReadOnlySpan<string>)["±", "\\pm", "+/-", "+-", "plus or minus"])
        {
            if (StartsWith(from, sign) && char.IsAsciiDigit(At(SkipSpaces(from + sign.Length))))
                return SkipDigits(SkipSpaces(from + sign.Length));
        }
        return null;
    }
}
