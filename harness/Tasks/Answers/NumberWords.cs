using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Harness.Tasks.Answers;

/// <summary>
/// Writes the numbers that a text states in words as digits (minus twelve, forty-two, three hundred and five, two thirds), but only where
/// an answer is stated, or in the sentence that a text ends with: elsewhere such words count and compare ("these two", "one of them").
/// </summary>
static partial class NumberWords
{
    static readonly string[] Units =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
        "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    static readonly string[] Tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    static readonly Dictionary<string, long> Powers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["hundred"] = 100,
        ["thousand"] = 1_000,
        ["million"] = 1_000_000,
        ["billion"] = 1_000_000_000,
    };

    static readonly Dictionary<string, int> Parts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["half"] = 2,
        ["halves"] = 2,
        ["third"] = 3,
        ["thirds"] = 3,
        ["quarter"] = 4,
        ["quarters"] = 4,
        ["fourth"] = 4,
        ["fourths"] = 4,
        ["fifth"] = 5,
        ["fifths"] = 5,
        ["sixth"] = 6,
        ["sixths"] = 6,
        ["eighth"] = 8,
        ["eighths"] = 8,
        ["tenth"] = 10,
        ["tenths"] = 10,
    };

    /// <summary>The text with digits for the words of its answers; the same text where it states none in words.</summary>
    public static string AsDigits(string text, bool cutOff)
    {
        if (!AnyWord().IsMatch(text))
            return text;
        string folded = Folding.Fold(text);
        List<TextPart> places = [.. Stated(folded, cutOff)];
        if (!cutOff && places.Count == 0 && LastSentence(folded) is { } sentence)
            places.Add(sentence);
        return places.Count == 0 ? text : Rewritten(text, folded, places);
    }

    /// <summary>What follows a mark or an "answer is" in its sentence, and what stands in a box, where words of a number lead it.</summary>
    static IEnumerable<TextPart> Stated(string text, bool cutOff)
    {
        IEnumerable<TextPart> lines = AnswerPlaces.AfterMarks(text).Concat(AnswerPlaces.AfterAnswerPhrases(text, 0, text.Length))
            .Select(place => place with { End = AnswerPlaces.EndOfSentence(text, place.Start, place.End) });
        foreach (TextPart place in lines.Concat(AnswerPlaces.Boxes(text, cutOff)))
        {
            Match first = Number().Match(text, place.Start, place.End - place.Start);
            bool ends = cutOff && first.Success && first.Index + first.Length == text.Length;
            if (first.Success && !ends && FinalNumber.IsLead(text[place.Start..first.Index]) && !HasDigit(text, place.Start, first.Index))
                yield return place with { Start = first.Index };
        }
        foreach (Match named in IsTheAnswer().Matches(text))
            yield return new TextPart(named.Index, named.Index + named.Groups["number"].Length);
    }

    /// <summary>
    /// The last sentence, where the last number in it is one in words: alone in the sentence, or what a calculation comes to (so he ran
    /// seven miles; 10 - 4 leaves six). What counts things that are known is none (the two of them).
    /// </summary>
    static TextPart? LastSentence(string text)
    {
        int end = text.AsSpan().TrimEnd(" \n.!*\"'").Length;
        int start = end;
        while (start > 0 && !(text[start - 1] == '\n' || (text[start - 1] is '.' or '!' or '?' or ':' && text[start] is ' ' or '*')))
            start--;
        string sentence = text[start..end];
        if (Number().Matches(sentence) is not [.., var number] || Wording.Refusal().IsMatch(sentence)
            || HasDigit(sentence, number.Index, sentence.Length))
            return null;
        string lead = sentence[..number.Index];
        bool one = number.Value.Equals("one", StringComparison.OrdinalIgnoreCase) && !FinalNumber.IsLead(lead);
        if (one || Counted().IsMatch(lead) || Wording.Negation().IsMatch(lead) || Wording.Bound().IsMatch(lead))
            return null;
        bool alone = Number().Count(sentence) == 1 && !HasDigit(sentence, 0, sentence.Length);
        int clause = lead.AsSpan().LastIndexOfAny(",;") + 1;
        bool concludes = (Concluding().IsMatch(lead[clause..]) && !HasDigit(lead, clause, lead.Length)) || Outcome().IsMatch(lead);
        return alone || concludes ? new TextPart(start + number.Index, end) : null;
    }

    static bool HasDigit(string text, int from, int to) => text.AsSpan(from, to - from).IndexOfAnyInRange('0', '9') >= 0;

    static string Rewritten(string text, string folded, List<TextPart> places)
    {
        StringBuilder written = new(text.Length);
        int done = 0;
        foreach (TextPart place in places.OrderBy(place => place.Start))
        {
            for (Match match = Number().Match(folded, place.Start, place.End - place.Start); match.Success; match = match.NextMatch())
            {
                if (match.Index < done || Digits(match) is not { } digits)
                    continue;
                written.Append(text, done, match.Index - done).Append(digits);
                done = match.Index + match.Length;
            }
        }
        return written.Append(text, done, text.Length - done).ToString();
    }

    /// <summary>The digits of words that the pattern found; null where they are no one number: twenty thirty, hundred hundred.</summary>
    static string? Digits(Match match)
    {
        string sign = match.Groups["sign"].Success ? "-" : "";
        (long total, long group, long before, long largest) = (0, 0, long.MaxValue, long.MaxValue);
        string? part = null;
        foreach (string word in match.Groups["words"].Value.ToLowerInvariant()
            .Split([' ', '-', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            if (Parts.TryGetValue(word, out int parts))
                part = string.Create(CultureInfo.InvariantCulture, $"/{parts}");
            else if (word == "dozen")
                group = 12;
            else if (Powers.TryGetValue(word, out long power))
            {
                if (power == 100 ? group >= 100 : power >= largest)
                    return null;
                (total, group) = power == 100 ? (total, Math.Max(group, 1) * power) : (total + (Math.Max(group, 1) * power), 0);
                (before, largest) = (power, power == 100 ? largest : power);
            }
            else if (word is not ("a" or "an" or "and"))
            {
                long value = Array.IndexOf(Units, word) is >= 0 and int unit ? unit : (Array.IndexOf(Tens, word) + 2) * 10;
                if (value >= before || (before is < 100 and >= 20 && value >= 10) || before < 20)
                    return null;
                (group, before) = (group + value, value);
            }
        }
        long whole = total + group;
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{(part is null ? whole : Math.Max(whole, 1))}{part}");
    }

    const string Unit = "(?:one|two|three|four|five|six|seven|eight|nine)";
    const string Teen = "(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)";
    const string Ten = "(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)";
    const string BelowHundred = "(?:" + Ten + "(?:[- ]" + Unit + ")?|" + Teen + "|" + Unit + ")";
    const string Power = "(?:hundred|thousand|million|billion)";
    const string Cardinal = "(?:(?:" + BelowHundred + "|a|an)(?:[- ]" + Power + ")+(?:(?: and|,)? " + BelowHundred + "(?:[- ]" + Power
        + ")*)*|" + BelowHundred + "|zero)";
    const string Fraction = "(?:(?:a|one|two|three|four|five|seven)[- ](?:half|halves|thirds?|quarters?|fourths?|fifths?|sixths?|eighths?"
        + "|tenths?)|half(?! of\\b| an?\\b))";

    /// <summary>"One" by itself is a number only where nothing but its unit follows.</summary>
    const string Alone = @"(?!(?:one)\b(?![- ]" + Power + @"|[- ](?:half|third|quarter|fourth|fifth|sixth|eighth|tenth)"
        + @"|\s+and\s+(?:a|one|two|three)[- ](?:half|third|quarter|fourth|fifth|sixth|eighth|tenth)s?\b"
        + @"|(?:\s+(?!of\b|that\b|which\b|who\b|can\b|must\b|has\b|way\b|thing\b|more\b|with\b)[A-Za-z]+){0,2}"
        + @"[\s.,!*_""'`$)}\]\\]*(?:\n|$)))";

    const string Sign = @"(?:(?<sign>minus|negative)\s+)?";

    [GeneratedRegex(
        @"\b" + Sign + Alone + "(?<words>(?:a|one) dozen|" + Fraction + "|" + Cardinal
        + @")\b(?!-?(?:th|st|nd|rd|fold|sided|teen|way)\b|-[A-Za-z])",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Number();

    [GeneratedRegex(
        @"\b(?<number>" + Sign + "(?:" + Cardinal
        + @"))(?:\s+[A-Za-z]+)?\s+" + FinalNumber.TheAnswerPattern,
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex IsTheAnswer();

    /// <summary>The beginning of a clause that states a result.</summary>
    [GeneratedRegex(
        @"^\W*(?:so|therefore|thus|hence|which|that|this|making|leaving|giving)\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Concluding();

    /// <summary>A verb before the result of a calculation.</summary>
    [GeneratedRegex(
        @"[0-9]\D*\b(?:is|equals|makes|leaves|gives|leaving|making|giving|totals)\s+(?:only\s+|exactly\s+|about\s+|a\s+total\s+of\s+)?$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Outcome();

    /// <summary>A word before a number that counts what is known: the two, all three, each of four.</summary>
    [GeneratedRegex(
        @"\b(?:the|these|those|both|all|each|every|other|first|last|next|of|his|her|their|its|our|your|my|any|into|by|per)\s+$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Counted();

    [GeneratedRegex(
        @"\b(?:" + Ten + "|" + Teen + "|" + Unit + @"|zero|half|hundred|thousand|million|dozen|thirds?|quarters?)\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex AnyWord();
}
