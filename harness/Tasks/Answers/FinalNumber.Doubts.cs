using System.Text.RegularExpressions;

namespace Harness.Tasks.Answers;

/// <summary>Answers that a text takes back, denies or does not have.</summary>
sealed partial class FinalNumber
{
    /// <summary>An answer is taken back soon after it is stated, or not at all.</summary>
    const int MostToRetraction = 400;

    /// <summary>Where a text takes back the answer that ends at a place, before it asks another question; null where it doesn't.</summary>
    int? RetractedAfter(int place)
    {
        string after = text[place..Math.Min(place + MostToRetraction, text.Length)];
        return Wording.Retraction().Match(after) is { Success: true } match && !Wording.NextQuestion().IsMatch(after[..match.Index])
            ? place + match.Index + match.Length
            : null;
    }

    /// <summary>
    /// A statement, or the last number after it where the text takes it back and comes to another conclusion; none where it takes it back
    /// and says no other number.
    /// </summary>
    Reading Unretracted(int item, Reading reading)
    {
        int end = items[item].End;
        string after = text[end..Math.Min(end + MostToRetraction, text.Length)];
        int? retracted = RetractedAfter(end);
        if (retracted is { } last && (cutOff || FirstFrom(last) >= items.Count))
            return new Reading(null);
        int? from = retracted ?? (Wording.Doubt().Match(after) is { Success: true } doubt ? end + doubt.Index : null);
        if (cutOff || from is not { } place || FirstFrom(place) >= items.Count)
            return reading;
        int start = items[^1].Start;
        bool concludes = Wording.Conclusion().IsMatch(text[Math.Max(place, start - MostLead)..start]);
        return concludes && Last(place) is { } value ? new Reading(value) : reading;
    }

    bool IsDeniedEnd(int item)
    {
        (int start, int end) = (items[item].Start, items[item].End);
        return Wording.DeniedBefore().IsMatch(text[Math.Max(0, start - 24)..start])
            || QuestionDenied().IsMatch(text[end..Math.Min(end + 12, text.Length)]);
    }

    /// <summary>Whether the sentence of a place, or one after it, says that there is no answer.</summary>
    bool IsRefusedFrom(int place)
    {
        int from = Math.Max(0, place - MostToRetraction);
        int sentence = text.AsSpan(from, place - from).LastIndexOfAny(".!?\n");
        return Wording.Refusal().IsMatch(text[(sentence < 0 ? from : from + sentence + 1)..]);
    }

    /// <summary>Whether the text's last line stands on a mark without a number, or its last "answer is" leads to words.</summary>
    bool IsAnsweredOtherwise()
    {
        if (marks.Count > 0 && string.IsNullOrWhiteSpace(text[marks[^1].End..]) && FirstItem(marks[^1]) is null
            && text[marks[^1].Start..marks[^1].End].Any(char.IsLetter))
            return true;
        if (AnswerPlaces.AfterAnswerPhrases(text, 0, text.Length) is not [.., var phrase])
            return false;
        int start = phrase.Start;
        while (start < text.Length && (char.IsWhiteSpace(text[start]) || text[start] == '*'))
            start++;
        TextPart sentence = new(start, AnswerPlaces.EndOfSentence(text, start, AnswerPlaces.EndOfLine(text, start)));
        string stated = text[sentence.Start..sentence.End];
        return FirstItem(sentence) is null
            && (Wording.AnswerInWords().IsMatch(stated)
                || (string.IsNullOrWhiteSpace(text[Math.Min(sentence.End + 1, text.Length)..]) && Wording.FewWords().IsMatch(stated)));
    }

    [GeneratedRegex(@"^[\s)*""']{0,4}\?\W{0,4}(?:no|nope|wrong)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex QuestionDenied();
}
