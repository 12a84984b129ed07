using System.Text.RegularExpressions;

namespace Harness.Tasks.Answers;

/// <summary>The final answer in a text without a pattern of its own: what follows the first <c>####</c>, else what comes last.</summary>
static partial class FinalAnswer
{
    public const string Mark = "####";

    /// <summary>The number after the first mark, else the last number of the text; canonical, null where there is none.</summary>
    public static string? Number(string text) =>
        (AfterMark(text) is { } rest ? AnswerNumber.First(rest) : null) ?? AnswerNumber.Last(text);

    /// <summary>
    /// The label (one letter or digit) after the first mark, else after the last "answer", "option" or "choice", else the last capital
    /// letter that stands alone; in upper case, null where there is none.
    /// </summary>
    public static string? Choice(string text)
    {
        Match match = AfterMark(text) is { } rest ? FirstLabel().Match(rest) : Match.Empty;
        if (!match.Success)
            match = NamedLabel().Matches(text).LastOrDefault(Match.Empty);
        if (!match.Success)
            match = CapitalLabel().Matches(text).LastOrDefault(Match.Empty);
        return match.Success ? match.Groups["label"].Value.ToUpperInvariant() : null;
    }

    /// <summary>The first line after the first mark, else the last before it; blank ones passed over, trimmed, null where there is none.</summary>
    public static string? Line(string text)
    {
        string before = text.Split(Mark, 2)[0];
        return (AfterMark(text) is { } rest ? Lines(rest).FirstOrDefault() : null) ?? Lines(before).LastOrDefault();
    }

    /// <summary>The label that <paramref name="answer"/> consists of, brackets and full stop aside; in upper case, null where it is none.</summary>
    public static string? Label(string answer) =>
        answer.Trim(' ', '\t', '\r', '\n', '(', ')', '[', ']', '.', ':') is [var label] && char.IsAsciiLetterOrDigit(label)
            ? char.ToUpperInvariant(label).ToString()
            : null;

    static string? AfterMark(string text) =>
        text.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and int at ? text[(at + Mark.Length)..] : null;

    static string[] Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"(?<![A-Za-z0-9'’])(?<label>[A-Za-z0-9])(?![A-Za-z0-9'’])", RegexOptions.CultureInvariant)]
    private static partial Regex FirstLabel();

    [GeneratedRegex(
        @"(?i:answer|option|choice)(?i: is)?[^A-Za-z0-9\n]{0,4}(?:(?<label>[A-Z0-9])|(?<=\()(?<label>[a-z])(?=\)))(?![A-Za-z0-9'’])",
        RegexOptions.CultureInvariant)]
    private static partial Regex NamedLabel();

    [GeneratedRegex(@"(?<![A-Za-z0-9'’])(?<label>[A-Z])(?![A-Za-z0-9'’])", RegexOptions.CultureInvariant)]
    private static partial Regex CapitalLabel();
}
