using System.Buffers;

namespace Harness.Tasks.Answers;

/// <summary>
/// Finds the numbers of a text, in their order and in one pass. Digits that are not a number of their own (CO2, x_1, the 2 of m^2,
/// COVID-19) are passed over; what looks like a number and has another value (7^2, \sqrt{2}, 3:10, 1,2,3) is an item without a value.
/// </summary>
sealed partial class NumberScanner
{
    /// <summary>Letters before a number that are no part of a word: currencies.</summary>
    static readonly string[] CurrencyWords =
        ["usd", "us", "eur", "gbp", "inr", "rs", "cad", "aud", "chf", "cny", "rmb", "jpy", "hk", "nt", "ca", "au"];

    /// <summary>How many characters may stand between a root or a function and its number.</summary>
    const int Reach = 12;

    const string CurrencySigns = "$€£¥₹₩¢฿₽₫";

    static readonly string[] Fractions = ["frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"];

    static readonly string[] Functions = ["log", "ln", "lg", "sin", "cos", "tan", "exp"];

    static readonly string[] Bases = ["two", "three", "five", "six", "eight", "ten", "twelve", "sixteen"];

    static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ];

    static readonly SearchValues<char> Starts = SearchValues.Create(
        "0123456789.,\\√∛π±½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    readonly string text;
    readonly string original;
    readonly char point;
    readonly bool wholeField;
    readonly List<NumberItem> items = [];
    int at;

    /// <summary>A number that begins before this place belongs to a root, a function or a tolerance.</summary>
    int spoiledUntil = -1;

    NumberScanner(string original, string folded, char point, bool wholeField)
    {
        this.original = original;
        text = folded;
        this.point = point;
        this.wholeField = wholeField;
    }

    /// <param name="original">The text as written.</param>
    /// <param name="folded">The same, folded (<see cref="Folding.Fold(string)"/>).</param>
    /// <param name="point">What separates decimals: '.', or ',' where the data writes them so.</param>
    /// <param name="wholeField">Whether the text is one field, in which a dash at the beginning is a sign and not a bullet.</param>
    public static List<NumberItem> Scan(string original, string folded, char point, bool wholeField = false)
    {
        NumberScanner scanner = new(original, folded, point, wholeField);
        scanner.Run();
        return scanner.items;
    }

    public static bool IsCurrency(char c) => CurrencySigns.Contains(c);

    void Run()
    {
        while (at < text.Length)
        {
            int next = text.AsSpan(at).IndexOfAny(Starts);
            if (next < 0)
                return;
            at += next;
            char c = text[at];
            if (char.IsAsciiDigit(c) && IsExponent(at))
                ReadLooseExponent();
            else if (char.IsAsciiDigit(c) || Vulgar(c) is not null || IsLeadingPoint())
                ReadNumber();
            else if (c == '\\')
                ReadCommand();
            else if (char.IsAsciiLetter(c))
                ReadWord();
            else if (c is '.' or ',')
                at++;
            else
                ReadSymbol();
        }
    }

    /// <summary>Whether a digit is raised on something that is no number: )^2, \text{ m}^2.</summary>
    bool IsExponent(int place)
    {
        int before = place - 1;
        while (At(before) is '{' or '(' or '-' or '+')
            before--;
        return At(before) == '^' && place - before <= 3;
    }

    void ReadLooseExponent()
    {
        int start = at;
        int caret = text.LastIndexOf('^', at);
        at = SkipDigits(at);
        int brace = At(caret - 1) == '}' ? text.LastIndexOf('{', caret, Math.Min(caret, LongestUnit)) : -1;
        ReadOnlySpan<char> command = text.AsSpan(0, Math.Max(brace, 0));
        if (!command.EndsWith("text") && !command.EndsWith("mathrm") && !command.EndsWith("textrm"))
            items.Add(new NumberItem(start, at, null));
    }

    const int LongestUnit = 32;

    bool IsLeadingPoint() => At(at) == point && char.IsAsciiDigit(At(at + 1))
        && !char.IsLetterOrDigit(At(at - 1)) && At(at - 1) != '.';

    char At(int place) => (uint)place < (uint)text.Length ? text[place] : '\0';

    bool StartsWith(int place, string word) => place <= text.Length && text.AsSpan(place).StartsWith(word, StringComparison.Ordinal);

    bool StartsWithWord(int place, string word) =>
        place <= text.Length && text.AsSpan(place).StartsWith(word, StringComparison.OrdinalIgnoreCase)
        && !char.IsLetter(At(place + word.Length));

    int SkipSpaces(int place)
    {
        while (At(place) == ' ')
            place++;
        return place;
    }

    int SkipDigits(int place)
    {
        while (char.IsAsciiDigit(At(place)))
            place++;
        return place;
    }

    /// <summary>One past the closing partner of the bracket at a place; the end of the line where it is never closed.</summary>
    int SkipBracketed(int place)
    {
        char open = At(place), close = open switch { '{' => '}', '[' => ']', _ => ')' };
        int depth = 0;
        for (; place < text.Length && text[place] != '\n'; place++)
        {
            if (text[place] == open)
                depth++;
            else if (text[place] == close && --depth == 0)
                return place + 1;
        }
        return place;
    }

    /// <summary>Whether nothing but spaces lies between the last item and a place.</summary>
    bool FollowsItem(int place) => items.Count > 0 && items[^1].End <= place && place - items[^1].End <= 3
        && text.AsSpan(items[^1].End, place - items[^1].End).IndexOfAnyExcept(" {}") < 0;

    void SpoilLast(int end) => items[^1] = items[^1] with { End = end, Value = null };

    void AddNoNumber(int start, int end)
    {
        items.Add(new NumberItem(start, end, null));
        at = end;
    }

    void ReadSymbol()
    {
        char c = text[at];
        if (c == '±')
            spoiledUntil = at + Reach;
        else if (c == 'π' && FollowsItem(at))
            SpoilLast(at + 1);
        else if (c == 'π')
            items.Add(new NumberItem(at, at + 1, null));
        else
            ReadRoot(at);
        at++;
        if (c == 'π' && At(at) == '/')
            SpoilLast(at = SkipDigits(at + 1));
    }

    /// <summary>A root makes what it multiplies no number, and its own radicand.</summary>
    void ReadRoot(int start)
    {
        if (FollowsItem(start))
            SpoilLast(start);
        spoiledUntil = at + Reach;
    }

    void ReadCommand()
    {
        int start = at++;
        if (!char.IsAsciiLetter(At(at)))
        {
            at++;
            return;
        }
        int name = at;
        while (char.IsAsciiLetter(At(at)))
            at++;
        ReadOnlySpan<char> command = text.AsSpan(name, at - name);
        if (Array.Exists(Fractions, fraction => text.AsSpan(name).StartsWith(fraction)) && IsFractionCommand(start))
        {
            at = start;
            ReadNumber();
        }
        else if (command is "sqrt" or "overline" or "overbrace" or "bar" or "binom" or "dbinom" or "dot")
            ReadNoNumberCommand(start, command is "sqrt");
        else if (command is "pi" or "infty" or "theta" or "tau" or "phi")
            ReadConstant(start);
        else if (Functions.AsSpan().Contains(command.ToString()))
        {
            if (At(at) == '_')
                at = At(at + 1) == '{' ? SkipBracketed(at + 1) : Math.Min(at + 2, text.Length);
            spoiledUntil = at + Reach;
        }
        else if (command is "pm" or "mp" or "le" or "leq" or "ge" or "geq" or "lt" or "gt" or "ne" or "neq")
            spoiledUntil = at + Reach;
    }

    void ReadNoNumberCommand(int start, bool root)
    {
        bool follows = FollowsItem(start) || (!root && At(start - 1) == point && FollowsItem(start - 1));
        int end = at;
        while (At(end) is '[' or '{')
            end = SkipBracketed(end);
        if (end == at)
            end = SkipDigits(SkipSpaces(at));
        if (follows)
            SpoilLast(end);
        else
            items.Add(new NumberItem(start, end, null));
        at = end;
    }

    void ReadConstant(int start)
    {
        int end = At(at) == '/' ? SkipDigits(at + 1) : at;
        if (FollowsItem(start))
            SpoilLast(end);
        else
            items.Add(new NumberItem(start, end, null));
        at = end;
    }

    void ReadWord()
    {
        int start = at;
        while (char.IsLetter(At(at)))
            at++;
        int length = at - start;
        ReadOnlySpan<char> word = text.AsSpan(start, length);
        char next = At(at);
        if (length <= 4 && (char.IsAsciiDigit(next) || (next == '.' && char.IsAsciiDigit(At(at + 1)))) && IsCurrencyWord(word))
            at += next == '.' ? 1 : 0;
        else if (char.IsAsciiDigit(next))
            SkipCompound();
        else if (next == '_' && (At(at + 1) == '{' || char.IsAsciiDigit(At(at + 1))))
            SkipIndex(word);
        else if (next == '-' && original[at] is '-' or '\u2010' or '\u2011' && char.IsAsciiDigit(At(at + 1)))
        {
            at++;
            SkipCompound();
        }
        else if (IsMonth(word) && EndOfDate(at) is { } date)
            AddNoNumber(start, date);
        else if (length <= 6)
            ReadKnownWord(start, word);
        if (At(at) == '^' || Folding.Superscripts.Contains(At(at)))
            ReadPowerOfLetters(start, length);
    }

    static bool IsMonth(ReadOnlySpan<char> word)
    {
        foreach (string month in Months)
        {
            if (word.SequenceEqual(month) || word.SequenceEqual(month.AsSpan(0, 3)))
                return true;
        }
        return false;
    }

    /// <summary>The end of " 25, 2023", or of " 25" at a sentence's end, after a month; null where no such day stands there.</summary>
    int? EndOfDate(int place)
    {
        int day = SkipSpaces(At(place) == '.' ? place + 1 : place);
        int end = SkipDigits(day);
        if (end - day is < 1 or > 2)
            return null;
        while (char.IsLetter(At(end)) && end - day < 4)
            end++;
        if (At(end) is '\0' or '\n' || (At(end) == '.' && !char.IsAsciiDigit(At(end + 1))))
            return end;
        int year = SkipSpaces(At(end) == ',' ? end + 1 : end);
        return year > end && SkipDigits(year) == year + 4 ? year + 4 : null;
    }

    /// <summary>x_1 names something; log_2(8) is a function of its number.</summary>
    void SkipIndex(ReadOnlySpan<char> word)
    {
        at = At(at + 1) == '{' ? SkipBracketed(at + 1) : SkipDigits(at + 1);
        if (word.Length <= 3 && Functions.Contains(word.ToString(), StringComparer.OrdinalIgnoreCase))
            spoiledUntil = at + Reach;
    }

    static bool IsCurrencyWord(ReadOnlySpan<char> word)
    {
        foreach (string currency in CurrencyWords)
        {
            if (word.Equals(currency, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    /// <summary>CO2, H2O, A4, COVID-19, 1.2x3: letters and digits that are one word.</summary>
    void SkipCompound()
    {
        while (char.IsLetterOrDigit(At(at)) || (At(at) is '.' or '-' && char.IsAsciiDigit(At(at + 1)) && char.IsLetterOrDigit(At(at - 1))))
            at++;
    }

    void ReadKnownWord(int start, ReadOnlySpan<char> word)
    {
        bool Is(ReadOnlySpan<char> word, string known) => word.Equals(known, StringComparison.OrdinalIgnoreCase);

        if (Is(word, "sqrt") || Is(word, "cbrt"))
            ReadRoot(start);
        else if (Is(word, "root") || Is(word, "roots"))
            spoiledUntil = StartsWith(at, " of ") ? at + Reach : spoiledUntil;
        else if (Is(word, "pi") && FollowsItem(start))
            SpoilLast(at);
        else if (Is(word, "base") && items.Count > 0 && items[^1].End >= start - 6 && FollowsBase(start))
        {
            SpoilLast(at);
            spoiledUntil = at + Reach;
        }
        else if (Is(word, "sin") || Is(word, "cos") || Is(word, "tan") || Is(word, "ln"))
            spoiledUntil = At(at) == '(' || (At(at) == ' ' && char.IsAsciiDigit(At(at + 1))) ? at + Reach : spoiledUntil;
        else if (At(at) == '(' && Functions.Contains(word.ToString(), StringComparer.OrdinalIgnoreCase))
            spoiledUntil = at + Reach;
    }

    /// <summary>101 base 2, 101 (base two), 101 in base 2; not 3 base pairs.</summary>
    bool FollowsBase(int start) => text.AsSpan(items[^1].End, start - items[^1].End).Trim(" _{(") is "" or "in" or "\\text{"
        && (char.IsAsciiDigit(At(SkipSpaces(at))) || Array.Exists(Bases, word => StartsWithWord(SkipSpaces(at), word)));

    /// <summary>
    /// x^2: the exponent is never a number; after a number and a space the letters are its unit, as in 5 m^2, else a power of their own.
    /// </summary>
    void ReadPowerOfLetters(int start, int length)
    {
        int end = SkipExponent(at);
        bool unit = (FollowsItem(start) && !(length == 1 && "xyznabtpqr".Contains(text[start])))
            || (At(start - 1) is '/' or '·' && char.IsLetter(At(start - 2)));
        if (!unit && FollowsItem(start))
            SpoilLast(end);
        else if (!unit && end > at)
            items.Add(new NumberItem(start, end, null));
        at = Math.Max(end, at + 1);
    }

    /// <summary>
    /// One past an exponent that begins at a place: ^2, ^{10}, ^(-3), **2, or digits above the line; the place itself where there is
    /// none.
    /// </summary>
    int SkipExponent(int place)
    {
        int from = At(place) == '^' ? SkipSpaces(place + 1) : StartsWith(place, "**") && char.IsAsciiDigit(At(place + 2)) ? place + 2 : -1;
        if (from < 0)
        {
            while (Folding.Superscripts.Contains(At(place)) || (At(place) == '⁻' && Folding.Superscripts.Contains(At(place + 1))))
                place++;
            return place;
        }
        if (At(from) is '{' or '(')
            return SkipBracketed(from);
        if (At(from) is '-' or '+')
            from++;
        int end = SkipDigits(from);
        return end > from ? end : char.IsLetter(At(from)) ? from + 1 : from;
    }
}
