using System.Text.RegularExpressions;

namespace Harness.Engines.Simulated;

/// <summary>A token a character of Latin-1; 0 ends an answer.</summary>
sealed partial class SimulatedText : IModelText
{
    public const int End = 0;

    const int Characters = 256;

    public IReadOnlyList<int> EndTokens { get; } = [End];
    public bool HasChat => false;
    public bool AsksForDate => false;
    public string? ChatSource => null;

    public ModelPrompt Prompt(string question, bool chat, DateOnly? date = null) =>
        new(question, [.. question.Select(letter => letter < Characters ? letter : '?')]);

    public string Decode(ReadOnlySpan<int> tokens, Func<string, bool> keeps) =>
        string.Concat(tokens.ToArray().Where(token => token != End).Select(Written));

    public string Written(int token) => token is > End and < Characters ? ((char)token).ToString() : $"<{token}>";

    /// <summary>The total of the last sum that a prompt asks for: signed numbers between "sum" and "=".</summary>
    public static int? Total(IReadOnlyList<int> prompt)
    {
        string text = string.Concat(prompt.Select(token => (char)token));
        Match last = Sum().Matches(text).LastOrDefault() ?? Match.Empty;
        return last.Success ? Term().Matches(last.Value).Sum(term => int.Parse(term.Value.Replace(" ", "", StringComparison.Ordinal)))
            : null;
    }

    [GeneratedRegex(@"sum[^=\n]*=")]
    private static partial Regex Sum();

    [GeneratedRegex(@"(?:[-+] )?\d{1,6}")]
    private static partial Regex Term();
}
