using System.Buffers;
using System.Text.RegularExpressions;

namespace Harness.Tasks.Answers;

/// <summary>Where a text states an answer: after <c>####</c>, in <c>\boxed{}</c>, after "the answer is".</summary>
static partial class AnswerPlaces
{
    public const string Mark = "####";

    static readonly SearchValues<char> PhraseStops = SearchValues.Create(".\n:=!?");

    /// <summary>What follows each mark on its line, up to the next mark; more than four hashes are one mark.</summary>
    public static List<TextPart> AfterMarks(string text)
    {
        List<TextPart> lines = [];
        int at = text.IndexOf(Mark, StringComparison.Ordinal);
        while (at >= 0 && lines.Count < MostMarks)
        {
            at += Mark.Length;
            while (at < text.Length && text[at] == '#')
                at++;
            int end = EndOfLine(text, at);
            int next = text.IndexOf(Mark, at, end - at, StringComparison.Ordinal);
            lines.Add(new TextPart(at, next < 0 ? end : next));
            at = text.IndexOf(Mark, at, StringComparison.Ordinal);
        }
        return lines;
    }

    /// <summary>
    /// What stands within each <c>\boxed{}</c>, <c>\fbox{}</c> and <c>&lt;answer&gt;&lt;/answer&gt;</c> that is closed, empty ones left
    /// out.
    /// </summary>
    /// <param name="cutOff">Whether the text was cut off: if not, an answer tag that is never closed holds the rest of the text, as where a
    /// stop string ended it.</param>
    public static List<TextPart> Boxes(string text, bool cutOff)
    {
        List<TextPart> boxes = [];
        int lastClosing = text.LastIndexOf("</answer", StringComparison.OrdinalIgnoreCase);
        foreach (Match match in BoxOpening().Matches(text))
        {
            int start = match.Index + match.Length;
            bool open = match.Value[0] == '<' && start > lastClosing;
            if (open && (cutOff || text.Length - start > MostInBox))
                continue;
            int end = open ? text.Length : match.Value[0] == '<'
                ? text.IndexOf("</answer", start, Math.Min(MostInBox, text.Length - start), StringComparison.OrdinalIgnoreCase)
                : ClosingBrace(text, start);
            if (end >= 0 && !string.IsNullOrWhiteSpace(text[start..end]))
                boxes.Add(new TextPart(start, end));
        }
        return boxes;
    }

    /// <summary>
    /// What follows each "answer is", "answer:" and the like on its line, up to the next one; "the answer is not" states none, nor does
    /// what it would be if something else held.
    /// </summary>
    public static List<TextPart> AfterAnswerPhrases(string text, int from, int to)
    {
        List<TextPart> places = [];
        Match word = AnswerWord().Match(text, from, to - from);
        while (word.Success)
        {
            (int begin, int start) = (word.Index, word.Index + word.Length);
            word = word.NextMatch();
            int end = Math.Min(EndOfLine(text, start), word.Success ? word.Index : to);
            if (EndOfPhrase(text[start..Math.Min(end, start + MostOfPhrase)]) is { } length
                && !Denied().IsMatch(text[start..(start + length)]) && !IsHypothetical(text, begin, start, start + length))
                places.Add(new TextPart(start + length, end));
        }
        return places;
    }

    /// <summary>Whether a sentence says what the answer would be under a condition.</summary>
    static bool IsHypothetical(string text, int word, int from, int to)
    {
        if (!Wording.Would().IsMatch(text[from..to]))
            return false;
        int begin = text.AsSpan(Math.Max(0, word - MostOfLine), Math.Min(word, MostOfLine)).LastIndexOfAny(".!?\n");
        int sentence = begin < 0 ? Math.Max(0, word - MostOfLine) : begin + Math.Max(0, word - MostOfLine) + 1;
        return Wording.Condition().IsMatch(text[sentence..EndOfSentence(text, to, EndOfLine(text, to))]);
    }

    /// <summary>How much of what follows the word "answer" leads to the answer; null where it leads to none.</summary>
    static int? EndOfPhrase(string tail)
    {
        if (Colon().Match(tail) is { Success: true } colon)
            return colon.Length;
        int stop = tail.AsSpan().IndexOfAny(PhraseStops);
        Match verb = Verb().Match(stop < 0 ? tail : tail[..stop]);
        if (verb.Success && !verb.Groups["clause"].Success)
            return verb.Index + verb.Length + Colon().Match(tail[(verb.Index + verb.Length)..]).Length;
        return AddedWords().Match(tail) is { Success: true } added ? added.Length : null;
    }

    /// <summary>The end of the line, or of as much of it as an answer can need.</summary>
    public static int EndOfLine(string text, int from)
    {
        int most = Math.Min(MostOfLine, text.Length - from);
        return text.IndexOf('\n', from, most) is >= 0 and int end ? end : from + most;
    }

    /// <summary>
    /// The end of the sentence that begins at a place: a full stop before a space and another word, an ! or ?, or the end of its line.
    /// </summary>
    public static int EndOfSentence(string text, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            bool ends = i + 1 >= to || text[i + 1] is ' ' or '*' or '"' or '$';
            if (text[i] is '!' or '?' || (text[i] == '.' && ends && !IsInitial(text, from, i)))
                return i;
        }
        return to;
    }

    /// <summary>St. and U. before another name, and the last stop of U.S.A., do not end a sentence.</summary>
    static bool IsInitial(string text, int from, int stop)
    {
        int word = stop;
        while (word > from && char.IsLetter(text[word - 1]))
            word--;
        if (stop - word == 1 && char.IsUpper(text[word]) && word > from && text[word - 1] == '.')
            return true;
        return stop - word is 1 or 2 && char.IsUpper(text[word]) && stop + 2 < text.Length && char.IsUpper(text[stop + 2]);
    }

    static int ClosingBrace(string text, int from)
    {
        int depth = 1;
        for (int i = from; i < text.Length && i - from < MostInBox; i++)
        {
            depth += text[i] switch { '{' when text[i - 1] != '\\' => 1, '}' when text[i - 1] != '\\' => -1, _ => 0 };
            if (depth == 0)
                return i;
        }
        return -1;
    }

    /// <summary>Only so many marks are looked at: a text with more of them repeats itself.</summary>
    const int MostMarks = 500;

    const int MostInBox = 400;
    const int MostOfLine = 500;
    const int MostOfPhrase = 72;

    [GeneratedRegex(@"\\(?:boxed|fbox)\s*\{|<answer>", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex BoxOpening();

    [GeneratedRegex(@"\b(?:answers?|ans)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex AnswerWord();

    [GeneratedRegex(@"^[\s*_""'`)]*(?:\([^()\n]{0,40}\)[\s*_]*)?[:=≈]", RegexOptions.CultureInvariant)]
    private static partial Regex Colon();

    /// <summary>The verb of a statement, or, before it, a word that begins another clause.</summary>
    [GeneratedRegex(
        @"\b(?:is|are|was|be|equals|(?<clause>by|which|when|while|and|but))\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Verb();

    /// <summary>Answer to part 2:, Answer choice:, Answer 18.</summary>
    [GeneratedRegex(
        @"^(?:\s+(?:to|for|of|in)\b[^.\n:=!?]{0,40}[:=]|\s+(?:choice|option)\s*[:=]|[\s*_]*(?=[-+$€£]?[0-9]))",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex AddedWords();

    [GeneratedRegex(@"\bnot\b|\bcannot\b|n't\b|\bnever\b|\bwrong\b|\bincorrect\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Denied();
}
