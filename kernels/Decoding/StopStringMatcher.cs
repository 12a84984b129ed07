using System.Text;
using Harness.Kernels.Tokenizers;

namespace Harness.Kernels.Decoding;

/// <summary>
/// Finds stop strings in the text of a growing answer, across tokens. A special token's written form stops at that token.
/// </summary>
sealed class StopStringMatcher
{
    readonly IReadOnlyList<string> stops;
    readonly Tokenizer tokenizer;
    readonly HashSet<int> specialStops = [];
    readonly int longest;

    public StopStringMatcher(IReadOnlyList<string> stopStrings, Tokenizer tokenizer)
    {
        stops = stopStrings;
        this.tokenizer = tokenizer;
        longest = stops.Max(Encoding.UTF8.GetByteCount);
        HashSet<string> written = [.. stops];
        for (int id = 0; id < tokenizer.VocabularySize; id++)
        {
            if (tokenizer.IsSpecial(id) && written.Contains(Encoding.UTF8.GetString(tokenizer.TokenBytes(id))))
                specialStops.Add(id);
        }
    }

    /// <summary>Whether the text holds a stop string, given that it held none before its last token.</summary>
    public bool EndsIn(ReadOnlySpan<int> tokens)
    {
        if (specialStops.Contains(tokens[^1]))
            return true;
        string text = tokenizer.Decode(tokens[WindowStart(tokens)..], keepSpecial: false);
        foreach (string stop in stops)
        {
            if (text.Contains(stop, StringComparison.Ordinal))
                return true;
        }
        return false;
    }

    /// <summary>First of the last tokens that a stop string ending in the last one can reach, where no character is cut.</summary>
    int WindowStart(ReadOnlySpan<int> tokens)
    {
        int last = tokens.Length - 1;
        int before = 0;
        bool cut = false;
        for (int start = last; ; start--)
        {
            ReadOnlySpan<byte> bytes = TextBytes(tokens[start]);
            if (!bytes.IsEmpty)
                cut = (bytes[0] & 0xC0) == 0x80;
            before += start < last ? bytes.Length : 0;
            if (start == 0 || (before >= longest && !cut))
                return start;
        }
    }

    ReadOnlySpan<byte> TextBytes(int token) => tokenizer.IsSpecial(token) ? [] : tokenizer.TokenBytes(token);
}
