using System.Text;
using Harness.Kernels.Tokenizers;

namespace Harness.Tasks.Answers;

/// <summary>The final answer of a text that is compared as it is written.</summary>
static class FinalText
{
    static readonly (string Open, string Close)[] Wrappings =
    [
        ("**", "**"), ("__", "__"), ("*", "*"), ("_", "_"), ("`", "`"), ("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]"),
        ("\\text{", "}"), ("\\textbf{", "}"), ("\\mathrm{", "}"),
    ];

    /// <summary>
    /// What stands on the first mark's line that has text (or on the line below an empty last one), else in the last box, else after the
    /// last "answer is" or "answer:", else the last line; of a text that was cut off only what is marked.
    /// </summary>
    public static string? Find(string text, bool cutOff)
    {
        string folded = Folding.Fold(text);
        return OnMark(text, folded) ?? InBox(text, folded, cutOff) ?? AfterAnswer(text, folded, cutOff) ?? (cutOff ? null : LastLine(text));
    }

    /// <summary>Null where nothing is left of it.</summary>
    public static string? Canonical(string answer)
    {
        string text = Encoding.UTF8.GetString(CanonicalComposition.Normalize(Encoding.UTF8.GetBytes(answer))).Trim();
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach ((string open, string close) in Wrappings)
            {
                if (text.Length <= open.Length + close.Length || !text.StartsWith(open, StringComparison.Ordinal)
                    || !text.EndsWith(close, StringComparison.Ordinal)
                    || text.AsSpan(open.Length, text.Length - open.Length - close.Length).Contains(open, StringComparison.Ordinal))
                    continue;
                text = text[open.Length..^close.Length].Trim();
                changed = true;
                break;
            }
        }
        return text.Length == 0 ? null : text;
    }

    static string? OnMark(string text, string folded)
    {
        List<TextPart> marks = AnswerPlaces.AfterMarks(folded);
        foreach (TextPart mark in marks)
        {
            if (Stated(text, folded, mark) is { } answer)
                return answer;
        }
        if (marks.Count == 0)
            return null;
        foreach (string line in text[marks[0].End..].Split('\n'))
        {
            if (Canonical(line) is { } answer && !line.StartsWith('#'))
                return answer;
        }
        return null;
    }

    /// <summary>What a part of a text states: what follows "answer:" within it, else all of it.</summary>
    static string? Stated(string text, string folded, TextPart part)
    {
        List<TextPart> phrases = AnswerPlaces.AfterAnswerPhrases(folded, part.Start, part.End);
        return Canonical(WithoutEmphasisOfLabel(phrases.Count > 0 ? text[phrases[^1].Start..phrases[^1].End] : text[part.Start..part.End]));
    }

    static string? InBox(string text, string folded, bool cutOff)
    {
        List<TextPart> boxes = AnswerPlaces.Boxes(folded, cutOff);
        return boxes.Count == 0 ? null : Canonical(text[boxes[^1].Start..boxes[^1].End]);
    }

    static string? AfterAnswer(string text, string folded, bool cutOff)
    {
        List<TextPart> phrases = AnswerPlaces.AfterAnswerPhrases(folded, 0, folded.Length);
        for (int i = phrases.Count - 1; i >= 0; i--)
        {
            TextPart phrase = phrases[i];
            int end = AnswerPlaces.EndOfSentence(folded, phrase.Start, phrase.End);
            if (!(cutOff && end == text.Length) && Canonical(WithoutEmphasisOfLabel(text[phrase.Start..end])) is { } answer)
                return answer;
        }
        return null;
    }

    /// <summary>"**Answer:** Paris" loses the phrase, and its closing stars are left.</summary>
    static string WithoutEmphasisOfLabel(string answer)
    {
        string text = answer.Trim();
        foreach (string stars in (ReadOnlySpan<string>)["**", "__"])
        {
            if (text.StartsWith(stars, StringComparison.Ordinal) && text.IndexOf(stars, 2, StringComparison.Ordinal) < 0)
                return text[2..];
            if (text.EndsWith(stars, StringComparison.Ordinal) && text.IndexOf(stars, StringComparison.Ordinal) == text.Length - 2)
                return text[..^2];
        }
        return text;
    }

    static string? LastLine(string text)
    {
        string before = text.Split(AnswerPlaces.Mark, 2)[0];
        string? line = before.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        return line is null ? null : Canonical(line);
    }
}
