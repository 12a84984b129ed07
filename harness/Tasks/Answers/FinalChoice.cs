using System.Text.RegularExpressions;

namespace Harness.Tasks.Answers;

/// <summary>
/// The label that a text chooses: after the first mark, else in the last box, else after the last "answer is" or "option ... is right",
/// else, unless the text was cut off, the label that it begins with, else the last one that it comes to. Letters that are words (I, a) or
/// names (vitamin C), labels that are refused, and those of a list of the options are none.
/// </summary>
sealed partial class FinalChoice
{
    readonly string text;
    readonly bool cutOff;
    readonly ChoiceLabels labels;

    /// <summary>How often the text says that the answer might be something.</summary>
    readonly Lazy<int> hedges;

    FinalChoice(string original, bool cutOff, ChoiceLabels labels)
    {
        text = Folding.Fold(original);
        this.cutOff = cutOff;
        this.labels = labels;
        hedges = new Lazy<int>(() => Hedged().Count(text));
    }

    /// <returns>The label in upper case; null where none, or more than one, is chosen.</returns>
    public static string? Find(string text, bool cutOff, ChoiceLabels labels)
    {
        FinalChoice reader = new(text, cutOff, labels);
        return (reader.Marked() ?? reader.Boxed() ?? reader.Stated() ?? (cutOff ? null : reader.First() ?? reader.Last()))?.Label;
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
        List<TextPart> boxes = AnswerPlaces.Boxes(text, cutOff);
        return boxes.Count == 0 ? null : Direct(boxes[^1]) ?? new Choice(NamedAfterBox(boxes[^1]));
    }

    /// <summary>The option of a box that holds its value: \boxed{12}, which is option C.</summary>
    string? NamedAfterBox(TextPart box)
    {
        string after = text[box.End..AnswerPlaces.EndOfSentence(text, box.End, AnswerPlaces.EndOfLine(text, box.End))];
        bool value = text.AsSpan(box.Start, box.End - box.Start).IndexOfAnyInRange('0', '9') >= 0;
        if (!value || OptionAfterBox().Match(after) is not { Success: true } match || !labels.Has(match.Groups["label"].ValueSpan[0]))
            return null;
        string rest = after[(match.Index + match.Length)..];
        return RefusedAfter().IsMatch(rest) || IsLabel(Another().Match(rest)) ? null : match.Groups["label"].Value.ToUpperInvariant();
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
        if (stated.Count == 0)
            return null;
        (int from, Choice last) = stated.MaxBy(one => one.Place);
        return TakenBackAfter(from) is { } doubt ? LastMention(doubt, text.Length) ?? last : last;
    }

    /// <summary>Where a text goes back on what it stated at a place; null where it doesn't.</summary>
    int? TakenBackAfter(int place)
    {
        string after = text[place..Math.Min(place + MostToRetraction, text.Length)];
        Match match = Wording.Retraction().Match(after) is { Success: true } retraction ? retraction : Wording.Doubt().Match(after);
        return match.Success && !Wording.NextQuestion().IsMatch(after[..match.Index]) ? place + match.Index : null;
    }

    const int MostToRetraction = 400;

    /// <summary>
    /// The label that the text consists of or begins with: B, (b), **B)** 15. None where it is the first of a list of the options.
    /// </summary>
    Choice? First()
    {
        if (Field(text) is { } alone && labels.Has(alone[0]))
            return new Choice(alone);
        if (FirstLabel().Match(text) is not { Success: true } match)
            return null;
        (Group label, char end) = (match.Groups["label"], match.Groups["end"].Value.FirstOrDefault());
        bool list = end != '\0' && char.IsAsciiDigit(label.ValueSpan[0]);
        bool dialogue = end == ':' && label.Value is "A" or "a";
        if (!labels.Has(label.ValueSpan[0]) || list || dialogue || label.Value is "I" or "i")
            return null;
        bool listed = char.ToUpperInvariant(label.ValueSpan[0]) is 'A' or '0' or '1' && end != '\0'
            && OtherLabel().Matches(text, match.Index + match.Length)
                .Any(other => labels.Has(other.Groups["label"].ValueSpan[0]) && other.Groups["end"].ValueSpan[0] == end);
        return listed ? null : new Choice(label.Value.ToUpperInvariant());
    }

    Choice? Last()
    {
        List<TextPart> marks = AnswerPlaces.AfterMarks(text);
        bool otherwise = marks.Count > 0 && string.IsNullOrWhiteSpace(text[marks[^1].End..])
            && text[marks[^1].Start..marks[^1].End].Any(char.IsLetter);
        return otherwise ? null : LastMention(0, text.Length);
    }

    Choice? LastMention(int from, int to)
    {
        for (int place = to - 1; place >= from; place--)
        {
            if (!char.IsAsciiLetterOrDigit(text[place]) || !IsMention(place) || !IsChosen(place))
                continue;
            bool several = IsLabel(OneMore().Match(text[Math.Max(from, place - 24)..place]))
                || IsLabel(Another().Match(text[(place + 1)..Math.Min(to, place + 24)]));
            return new Choice(several ? null : char.ToUpperInvariant(text[place]).ToString());
        }
        return null;
    }

    bool IsLabel(Match match) => match.Success && labels.Has(match.Groups["label"].ValueSpan[0]);

    /// <summary>Whether a mention is what the text comes to, and neither the name of something, a subject, nor one of a list.</summary>
    bool IsChosen(int place)
    {
        string after = text[(place + 1)..Math.Min(text.Length, place + 40)];
        if (Subject().IsMatch(after) || IsListed(place))
            return false;
        if (IsWrapped(place))
            return true;
        string before = text[Math.Max(0, place - 40)..place].TrimEnd(' ', '*', '_', '"', '\'', '`', '(', '[', '{', '$', '«');
        if (HedgedEnd().IsMatch(before) && hedges.Value > 1)
            return false;
        bool begins = before.Length == 0 || ".!?;:,→-\n&/".Contains(before[^1]) || before.EndsWith("=>") || before.EndsWith("->");
        bool word = WordAfter().IsMatch(after) && !Strongly().IsMatch(before);
        return !word && (begins || Leading().IsMatch(before));
    }

    /// <summary>Whether a label is one of a list that begins with the first label: A. 3 B. 4 C. 5.</summary>
    bool IsListed(int place)
    {
        char label = char.ToUpperInvariant(text[place]);
        char first = char.IsAsciiLetter(label) ? 'A' : labels.Has('0') ? '0' : '1';
        if (At(place + 1) is not ('.' or ')' or ':') || !OptionLead().IsMatch(text[Math.Max(0, place - 16)..place]))
            return false;
        int count = 1;
        int at = place;
        for (char earlier = (char)(label - 1); earlier >= first; earlier--, count++)
        {
            at = NextOption(at, -1);
            if (at < 0 || char.ToUpperInvariant(text[at]) != earlier)
                return false;
        }
        for (at = NextOption(place, 1); at >= 0 && char.ToUpperInvariant(text[at]) == label + 1; at = NextOption(at, 1), label++)
            count++;
        return count >= 2;
    }

    /// <summary>The next label, forward or back, that stands alone before the same punctuation; -1 where none is near.</summary>
    int NextOption(int from, int step)
    {
        char punctuation = text[from + 1];
        for (int place = from + step; place >= 0 && place < text.Length && Math.Abs(place - from) < MostBetweenOptions; place += step)
        {
            if (At(place + 1) == punctuation && labels.Has(text[place]) && StandsAlone(place))
                return place;
        }
        return -1;
    }

    const int MostBetweenOptions = 400;

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
        Match other = Another().Match(rest);
        bool several = IsLabel(other) && !RefusedAfter().IsMatch(rest[(other.Groups["label"].Index + 1)..]);
        return new Choice(several ? null : match.Groups["label"].Value.ToUpperInvariant());
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

    /// <summary>Words after which a label is one even before another word: only B works.</summary>
    [GeneratedRegex(
        @"\b(?:so|therefore|thus|hence|only|option|choice|answer|letter)$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Strongly();

    const string Hedge = @"\b(?:could|might|may)\s+(?:also\s+)?be(?:\s+option|\s+choice)?\b";
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

    /// <summary>A label at the beginning of the text, with the punctuation after it if other words follow on its line.</summary>
    [GeneratedRegex(
        @"^[\s*_""'`$(\[{«]*(?:option\s+|choice\s+)?(?:\\(?:text|textbf|mathrm|boxed)\{)?[(\[]?(?<label>[A-Za-z0-9])"
        + @"(?:[\s*_""'`$)\]}».:,]*(?=\n)|[*""'`]*(?<end>[).:\]])[)*""'`]*(?=\s))",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex FirstLabel();

    /// <summary>What may stand before an option of a list.</summary>
    [GeneratedRegex(
        @"(?:^|[\n.,;])[\s*_""'`(\[-]*(?:and\s+)?(?:(?:option|choice)\s+)?[*_""'`(\[]*$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex OptionLead();

    /// <summary>Another option of a list.</summary>
    [GeneratedRegex(@"(?<![A-Za-z0-9])(?<label>[A-Za-z0-9])[*""'`]*(?<end>[).:\]])(?=\s)", RegexOptions.CultureInvariant)]
    private static partial Regex OtherLabel();

    /// <summary>A label that "and" or the like joins to the one after it.</summary>
    [GeneratedRegex(
        @"(?<![A-Za-z0-9'])(?<label>[A-Z0-9]|(?<=[(\[""'*])[a-z])[)\]""'*]*\s*(?:,|/|&|,?\s*\b(?:or|and)\b)\s*"
        + @"(?:option\s+|choice\s+)?[(\[""'*]*$",
        RegexOptions.CultureInvariant)]
    private static partial Regex OneMore();

    /// <summary>A label that something is said about, instead of a label that is chosen.</summary>
    [GeneratedRegex(
        @"^[)\]""'*`]*\s+(?:is|are|was|were|has|have|had|does|do|can|could|will|would|may|might|equals|represents|refers|means|"
        + @"contains|shows|says|states|describes|gives|stands)\b|^[)\]""'*`]*\s*[=<>∪∩⊂⊆∈×+]",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Subject();

    /// <summary>Words after which a label is what the text comes to.</summary>
    [GeneratedRegex(
        @"\b(?:so|therefore|thus|hence|is|it|it's|that's|be|was|answer|option|choice|letter|choose|chose|pick|select|with|for|say|yes|"
        + @"only|but|conclude|means|namely|definitely|probably|because|indeed|actually)$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Leading();

    [GeneratedRegex(Hedge, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Hedged();

    [GeneratedRegex(Hedge + "$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex HedgedEnd();

    [GeneratedRegex(
        @"^[\s}$)*.,;:-]*(?:(?:which|that|this|and|as|so|it|is|matches|corresponds to|means|says|the|answer|correct)\s+){0,5}"
        + @"(?:(?:option|choice)\s+[(""'*]*(?<label>[A-Za-z0-9])|\((?<label>[A-Za-z])(?=\)))(?![A-Za-z0-9])",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex OptionAfterBox();

    [GeneratedRegex(@"\b(?:option|choice|answer) $", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Named();

    [GeneratedRegex(
        @"\b(?:option|choice|answer|letter)?\s*[(""'*]{0,3}(?<![A-Za-z0-9'])(?<label>[A-Z0-9]|"
        + @"(?<=\()[a-z])[)""'*]{0,3}\s+(?:is|must be|seems)\s+(?:(?:the|my)\s+)?(?:only\s+|final\s+)?(?:correct|right|best|true|answer)\b"
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
        @"^[)\]""'*`.]*\s*(?:,|/|&|\bor\b|\band\b)\s*(?:possibly\s+|maybe\s+|perhaps\s+)?(?:option\s+|choice\s+)?"
        + @"[(""'*\[]*(?<label>[A-Z0-9]|(?<=[(\[""'*])[a-z])(?![A-Za-z0-9'])"
        + @"|^\)(?:(?!\b(?:since|because|as|but|while|whereas|not)\b)[^.\n(]){0,40}\b(?:or|and)\s+\((?<label>[A-Za-z0-9])\)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Another();

    [GeneratedRegex(
        @"^ +(?!(?:because|since|as|for|due|which|and|or|is|would|based|given|with|in|by|from|due|if|after)\b)[A-Za-z]",
        RegexOptions.CultureInvariant)]
    private static partial Regex WordAfter();

    [GeneratedRegex(@"^\s*(?:not|n't|neither)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex NotAtAll();
}
