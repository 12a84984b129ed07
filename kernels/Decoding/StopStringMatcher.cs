using Harness.Kernels.Models.Tokenizers;

namespace Harness.Kernels.Decoding;

/// <summary>Finds stop strings in the text of a growing answer, across tokens.</summary>
sealed class StopStringMatcher
{
    /// <summary>Tokens decoded beyond the longest stop string's length: some decode to nothing.</summary>
    const int Slack = 32;

    readonly IReadOnlyList<string> stops;
    readonly Tokenizer tokenizer;
    readonly int window;

    public StopStringMatcher(IReadOnlyList<string> stopStrings, Tokenizer tokenizer)
    {
        stops = stopStrings;
        this.tokenizer = tokenizer;
        window = stops.Max(stop => stop.Length) + Slack;
    }

    /// <summary>Whether the text holds a stop string, given that it held none before its last token.</summary>
    public bool EndsIn(ReadOnlySpan<int> tokens)
    {
        string text = tokenizer.Decode(tokens.Length > window ? tokens[^window..] : tokens, keepSpecial: false);
        foreach (string stop in stops)
        {
            if (text.Contains(stop, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
