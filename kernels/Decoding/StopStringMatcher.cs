using System.Text;
using Harness.Kernels.Models.Tokenizers;

namespace Harness.Kernels.Decoding;

/// <summary>Finds stop strings in the bytes of a growing text, across tokens.</summary>
sealed class StopStringMatcher
{
    readonly byte[][] stops;
    readonly Tokenizer tokenizer;
    readonly int longest;
    byte[] tail = new byte[256];
    int length;

    public StopStringMatcher(IReadOnlyList<string> stopStrings, Tokenizer tokenizer)
    {
        this.tokenizer = tokenizer;
        stops = stopStrings.Select(Encoding.UTF8.GetBytes).ToArray();
        longest = stops.Max(stop => stop.Length);
    }

    public void Reset() => length = 0;

    /// <summary>Whether the text holds a stop string once this token is added.</summary>
    public bool Append(int token)
    {
        ReadOnlySpan<byte> bytes = tokenizer.TokenBytes(token);
        int kept = Math.Min(length, longest - 1);
        tail.AsSpan(length - kept, kept).CopyTo(tail);
        if (kept + bytes.Length > tail.Length)
            Array.Resize(ref tail, kept + bytes.Length);
        bytes.CopyTo(tail.AsSpan(kept));
        length = kept + bytes.Length;
        foreach (byte[] stop in stops)
        {
            if (tail.AsSpan(0, length).IndexOf(stop) >= 0)
                return true;
        }
        return false;
    }
}
