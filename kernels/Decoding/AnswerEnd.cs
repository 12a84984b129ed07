using Harness.Kernels.Configuration;
using Harness.Kernels.Tokenizers;

namespace Harness.Kernels.Decoding;

/// <summary>Where answers end: at an end token, at a stop string, or at their longest.</summary>
/// <param name="settings">Names the end tokens, the stop strings and the longest answer.</param>
/// <param name="tokenizer">Needed where there are stop strings.</param>
sealed class AnswerEnd(DecodingSettings settings, Tokenizer? tokenizer)
{
    readonly int[] stopTokens = [.. settings.StopTokens];

    /// <summary>Tokens of the longest answer.</summary>
    public int MaxTokens { get; } = settings.MaxTokens;

    /// <summary>Null where there are no stop strings.</summary>
    public StopStringMatcher? StopStrings { get; } = settings.StopStrings.Count == 0
        ? null
        : new StopStringMatcher(
            settings.StopStrings, tokenizer ?? throw new ArgumentException("stop strings need a tokenizer", nameof(settings)));

    /// <summary>Index of the first end token; -1 where there is none.</summary>
    public int FirstStopToken(ReadOnlySpan<int> tokens) => stopTokens.Length == 0 ? -1 : tokens.IndexOfAny(stopTokens);
}
