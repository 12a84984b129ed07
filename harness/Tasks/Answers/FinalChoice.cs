using System.Text.RegularExpressions;

namespace Harness.Tasks.Answers;

/// <summary>
/// The label that a text chooses: after the first mark, else in the last box, else after the last "answer is" or "option ... is right",
/// else the last label that stands alone, unless the text was cut off. Letters that are words (I, a) and labels that are refused are none.
/// </summary>
sealed partial class FinalChoice
{
    readonly string text;
    readonly bool cutOff;
    readonly ChoiceLabels labels;

    FinalChoice(string original, bool cutOff, ChoiceLabels labels)
    {
        text = Folding.Fold(original);
        this.cutOff = cutOff;
        this.labels = labels;
    }

    /// <returns>The label in upper case; null where none, or more than one, is chosen.</returns>
    public static string? Find(string text, bool cutOff, ChoiceLabels labels)
    {
        FinalChoice reader = new(text, cutOff, labels);
        return (reader.Marked() ?? reader.Boxed() ?? reader.Stated() ?? (cutOff ? null : reader.Last()))?.Label;
    }

    /// <summary>
    /// The label that a field consists of, apart from brackets, quotes, emphasis and a full stop; in upper case, null where it is not a
    /// label.
    /// </summary>
    public static string? Field(string field) => FieldAsWritten(field)?.ToUpperInvariant();

    /// <summary>As <see cref="Field"/>, in the case that it is written in.</summary>
    public static string? FieldAsWritten(string field) =>
        field.Length <= MostField && WholeField().Match(Folding.Fold(field)) is { Success: true } match
            ? match.Groups["label"].Value
            : null;

    const int MostField = 40;

    /// <param name="Label">Null where the text chooses anything but one label.</param>
    sealed record Choice(string? Label);

    Choice? Marked()
    {
        List<TextPart> marks = AnswerPlaces.AfterMarks(text);
        foreach (TextPart mark in marks)
        {
            if ((Direct(mark) ?? InSentence(mark)) is { } choice)
                return choice;
        }
        foreach (TextPart mark in marks)
        {
            if (!cutOff && string.IsNullOrWhiteSpace(text[mark.Start..mark.End])
                && text.AsSpan(mark.End).IndexOfAnyExcept(" \n") is >= 0 and int gap
                && Direct(new TextPart(mark.End + gap, AnswerPlaces.EndOfLine(text, mark.End + gap))) is { } below)
                return below;
        }
        return null;
    }

    Choice? Boxed()
    {
        List<TextPart> boxes = AnswerPlaces.Boxes(text);
        return boxes.Count == 0 ? null : Direct(boxes[^1]) ?? new Choice(null);
    }

    /// <summary>The last statement of an answer: "answer is" with a label, or "option B is correct".</summary>
    Choice? Stated()
    {
        List<(int Place, Choice Choice)> stated = [];
        foreach (TextPart phrase in AnswerPlaces.AfterAnswerPhrases(text, 0, text.Length))
        {
            TextPart sentence = phrase with { End = AnswerPlaces.EndOfSentence(text, phrase.Start, phrase.End) };
            if ((Direct(phrase) ?? InSentence(sentence)) is { } choice)
                stated.Add((phrase.Start, choice));
        }
        foreach (Match match in Approved().Matches(text))
        {
            if (labels.Has(match.Groups["label"].ValueSpan[0]) && !Refused().IsMatch(match.Value))
                stated.Add((match.Index, new Choice(match.Groups["label"].Value.ToUpperInvariant())));
        }
        return stated.Count == 0 ? null : stated.MaxBy(one => one.Place).Choice;
    }

    Choice? Last()
    {
        if (Field(text) is { } alone && labels.Has(alone[0]))
            return new Choice(alone);
        return LastMention(0, text.Length);
    }

    Choice? LastMention(int from, int to)
    {
        for (int place = to - 1; place >= from; place--)
        {
            if (char.IsAsciiLetterOrDigit(text[place]) && IsMention(place))
                return new Choice(char.ToUpperInvariant(text[place]).ToString());
        }
        return null;
    }

    /// <summary>A label at the beginning of a part, after words that announce it and marks of style.</summary>
    Choice? Direct(TextPart part)
    {
        Match match = DirectLabel().Match(text[part.Start..part.End]);
        if (!match.Success || !labels.Has(match.Groups["label"].ValueSpan[0]) || IsWord(match, part))
            return null;
        int after = part.Start + match.Groups["label"].Index + 1;
        string rest = text[after..part.End];
        if (RefusedAfter().IsMatch(rest))
            return null;
        return new Choice(Another().Match(rest) is { Success: true } other && labels.Has(other.Groups["label"].ValueSpan[0])
            ? null
            : match.Groups["label"].Value.ToUpperInvariant());
    }

    /// <summary>A and I, which are words before another word, unless it is one that goes on from an answer.</summary>
    bool IsWord(Match match, TextPart part)
    {
        Group label = match.Groups["label"];
        return label.Value is "a" or "A" or "i" or "I" && !match.Groups["wrapped"].Success
            && WordAfter().IsMatch(text[(part.Start + label.Index + 1)..part.End]);
    }

    /// <summary>The last label of a sentence that states an answer.</summary>
    Choice? InSentence(TextPart sentence)
    {
        if (NotAtAll().IsMatch(text[sentence.Start..sentence.End]))
            return null;
        return LastMention(sentence.Start, sentence.End);
    }

    /// <summary>Whether the letter or digit at a place stands alone, is a label and is neither a word nor refused.</summary>
    bool IsMention(int place)
    {
        if (!labels.Has(text[place]) || !StandsAlone(place))
            return false;
        bool wrapped = IsWrapped(place);
        if (!wrapped && !labels.StandsAlone(text[place]))
            return false;
        string before = text[Math.Max(0, place - 24)..place];
        string after = text[(place + 1)..Math.Min(text.Length, place + 40)];
        if (!wrapped && text[place] is 'A' or 'I' or 'a' or 'i' && WordAfter().IsMatch(after))
            return false;
        return !RefusedBefore().IsMatch(before) && !RefusedAfter().IsMatch(after);
    }

    char At(int place) => (uint)place < (uint)text.Length ? text[place] : '\0';

    /// <summary>Whether it stands alone: not in a word or a number (B12, 2.5, A-level), and not before an apostrophe (I'm).</summary>
    bool StandsAlone(int place)
    {
        (char previous, char next, char afterNext) = (At(place - 1), At(place + 1), At(place + 2));
        return !char.IsLetterOrDigit(previous) && !char.IsLetterOrDigit(next) && next != '+'
            && !(previous is '\'' or '-' && char.IsLetterOrDigit(At(place - 2)))
            && !(previous is '.' or ',' && char.IsDigit(At(place - 2)))
            && !(next == '\'' && char.IsLetter(afterNext))
            && !(next is '.' or ',' && char.IsDigit(afterNext))
            && !(next == '-' && char.IsLetter(afterNext));
    }

    /// <summary>In brackets, quotes or emphasis, or named as an option.</summary>
    bool IsWrapped(int place)
    {
        bool enclosed = "([\"`«*'{".Contains(At(place - 1)) && ")]\"`»*'}:.".Contains(At(place + 1));
        return enclosed || Named().IsMatch(text[Math.Max(0, place - 8)..place]);
    }

    const string Wrap = @"[\s*_""'`$()\[\]{}«»:=\\-]";

    [GeneratedRegex(
        @"^[\s*_""'`$(\[{«]*(?:\\(?:text|textbf|mathrm|boxed)\{)?[(\[]?(?<label>[A-Za-z0-9])[\s*_""'`$)\]}».:,]*$",
        RegexOptions.CultureInvariant)]
    private static partial Regex WholeField();

    [GeneratedRegex(
        @"^(?:" + Wrap + @"|\\?(?:text|textbf|mathrm|mathbf|boxed)\{|</?\w{1,8}>"
        + @"|\b(?:the|final|answer|is|option|choice|letter|correct|right|best|probably|definitely|clearly|actually"
        + @"|therefore|indeed|likely|most|must|be|would|should|statement|it|that|of|so|i|think|believe|say)\b(?!\s*[).])|,){0,60}?"
        + @"(?:(?<wrapped>[(\[""'`*{«])\s*)?(?<![A-Za-z0-9'])(?<label>[A-Za-z0-9])(?![A-Za-z0-9'+]|[.,]\d|-[A-Za-z])",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex DirectLabel();

    [GeneratedRegex(@"\b(?:option|choice|answer) $", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Named();

    [GeneratedRegex(
        @"\b(?:option|choice|answer|letter)?\s*[(""'*]{0,3}(?<![A-Za-z0-9'])(?<label>[A-Z0-9]|"
        + @"(?<=\()[a-z])[)""'*]{0,3}\s+(?:is|must be|seems)\s+(?:the\s+)?(?:only\s+)?(?:correct|right|best|true)\b"
        + @"|\b(?:correct|right|best|true)\s+(?:option|choice|letter|one)\s*(?:is|:|would be|must be)\s*(?:option\s+|"
        + @"choice\s+)?[(""'*]{0,3}(?<label>[A-Z0-9]|(?<=\()[a-z])(?![A-Za-z0-9])"
        + @"|\b(?i:choose|pick|select|go with)\s+(?:option\s+|choice\s+)?[(""'*]{0,3}(?<label>[B-HJ-Z0-9]|"
        + @"(?<=[(""'*])[A-Za-z])(?![A-Za-z0-9'])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Approved();

    [GeneratedRegex(@"\bnot\b|n't\b", RegexOptions.CultureInvariant)]
    private static partial Regex Refused();

    [GeneratedRegex(
        @"\b(?:not|isn't|never|neither|nor|than|eliminate|eliminates|exclude|reject|unlike)\s+(?:option\s+|choice\s+|"
        + @"the\s+)*[(""'*]*$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex RefusedBefore();

    [GeneratedRegex(
        @"^[)\]""'*`]*\s*(?:is|are|was|can|could|would|does|seems)(?:n't|not|\s+(?:also\s+|clearly\s+)?(?:not|wrong|"
        + @"incorrect|false|impossible|out|too|unlikely))\b|^[)\]""'*`]*\s+(?:isn't|can't|cannot|doesn't)\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex RefusedAfter();

    [GeneratedRegex(
        @"^[)\]""'*`.]*\s*(?:,|/|&|\bor\b|\band\b)\s*(?:option\s+|choice\s+)?[(""'*\[]*(?<label>[A-Z0-9]|"
        + @"(?<=[(\[""'*])[a-z])(?![A-Za-z0-9'])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Another();

    [GeneratedRegex(
        @"^\s+(?!(?:because|since|as|for|due|which|and|or|is|would|based|given|with|in|by|from|due|if|after)\b)[A-Za-z]",
        RegexOptions.CultureInvariant)]
    private static partial Regex WordAfter();

    [GeneratedRegex(@"^\s*(?:not|n't|neither)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex NotAtAll();
}
