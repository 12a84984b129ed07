using System.Text.RegularExpressions;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Tasks.Answers;

/// <summary>
/// A .NET regular expression that finds the answer in a text: the first group with a value in the pattern's last match.
/// </summary>
public sealed class AnswerPattern
{
    /// <summary>
    /// Only a pattern with lookarounds, back-references or atomic groups can take this long; the others run in linear time.
    /// </summary>
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    readonly Regex regex;

    /// <exception cref="HarnessException">HRN0007: not a regular expression.</exception>
    public AnswerPattern(string pattern)
    {
        try
        {
            regex = Compile(pattern);
        }
        catch (ArgumentException exception)
        {
            throw Codes.BadValue.With($"AnswerPattern is not a regular expression: {exception.Message}", inner: exception);
        }
    }

    /// <summary>Trimmed; null where nothing matches. A pattern without groups gives its whole match.</summary>
    /// <exception cref="HarnessException">HRN0007: the pattern backtracks without end on this text.</exception>
    public string? Find(string text)
    {
        try
        {
            Match? last = regex.Matches(text).LastOrDefault();
            Group? group = last?.Groups.Values.Skip(1).FirstOrDefault(candidate => candidate.Success);
            return (group ?? last)?.Value.Trim() is { Length: > 0 } found ? found : null;
        }
        catch (RegexMatchTimeoutException exception)
        {
            string message = $"AnswerPattern '{regex}' takes over {Timeout.TotalSeconds:0} s on a text of {text.Length} characters";
            throw Codes.BadValue.With($"{message}: write it without nested repetition", inner: exception);
        }
    }

    static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Timeout);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, Timeout);
        }
    }
}
