namespace Harness.Tasks.Answers;

/// <summary>Whether a dash before a number is its sign, an operator, a hyphen, a bullet or a pause.</summary>
sealed partial class NumberScanner
{
    /// <summary>Words after which a dash with a space behind it is a sign.</summary>
    static readonly string[] BeforeSign =
        ["is", "are", "was", "be", "to", "equals", "equal", "of", "about", "approximately", "get", "gets"];

    /// <param name="start">Where the number begins, its currency and its sign included.</param>
    bool IsNegative(int number, out int start)
    {
        int place = SkipCurrencyBack(number);
        start = place;
        int dash = SkipSpacesBack(place);
        if (At(dash - 1) is not ('-' or 's' or 'S' or 'e' or 'E'))
            return false;
        if (EndsWithWord(dash, "minus") || EndsWithWord(dash, "negative"))
            return IsSignWord(dash, ref start);
        if (text[dash - 1] != '-' || !IsSign(dash - 1, spaced: dash < place))
            return false;
        start = SkipCurrencyBack(dash - 1);
        return true;
    }

    bool IsSignWord(int end, ref int start)
    {
        int word = end - (EndsWithWord(end, "minus") ? 5 : 8);
        int before = SkipSpacesBack(word);
        bool noun = EndsWithWord(end, "minus") && before > 0 && char.IsLetter(text[before - 1])
            && !Array.Exists(BeforeSign, sign => EndsWithWord(before, sign)) && !EndsWithWord(before, "answer");
        if (noun || IsOperand(before))
            return false;
        start = word;
        return true;
    }

    bool IsSign(int dash, bool spaced)
    {
        int before = SkipSpacesBack(dash);
        bool touches = before == dash;
        char previous = before == 0 ? '\n' : text[before - 1];
        if (IsOperand(before) || (touches && (previous == '-' || char.IsLetter(previous))))
            return false;
        if (!spaced)
            return true;
        if (previous == '\n')
            return wholeField;
        return !char.IsLetter(previous) || Array.Exists(BeforeSign, word => EndsWithWord(before, word));
    }

    /// <summary>Whether a number or a bracket ends at a place, so that a dash after it subtracts.</summary>
    bool IsOperand(int end) => end > 0
        && (text[end - 1] is ')' or ']' or '%' or '}' || char.IsAsciiDigit(text[end - 1]) || Vulgar(text[end - 1]) is not null);

    int SkipSpacesBack(int place)
    {
        while (place > 0 && text[place - 1] == ' ')
            place--;
        return place;
    }

    /// <summary>The start of the currency before a place ($, \$, US$, Rs), or the place itself.</summary>
    int SkipCurrencyBack(int place)
    {
        int end = SkipSpacesBack(place);
        if (end > 0 && IsCurrency(text[end - 1]))
        {
            end--;
            if (end > 0 && text[end - 1] == '\\')
                return end - 1;
            int word = end;
            while (word > 0 && end - word < 3 && char.IsAsciiLetterUpper(text[word - 1]))
                word--;
            return word == 0 || !char.IsLetterOrDigit(text[word - 1]) ? word : end;
        }
        if (end == 0 || text[end - 1] is not ('.' or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z')))
            return place;
        foreach (string word in CurrencyWords)
        {
            int dot = end > 0 && text[end - 1] == '.' && word == "rs" ? 1 : 0;
            if (EndsWithWord(end - dot, word) && (word.Length == 3 || dot == 1 || end == place))
                return end - dot - word.Length;
        }
        return place;
    }

    bool EndsWithWord(int end, string word)
    {
        int start = end - word.Length;
        return start >= 0 && string.Compare(text, start, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0
            && (start == 0 || !char.IsLetterOrDigit(text[start - 1]));
    }
}
