using System.Text;

namespace Harness.Comparison;

/// <summary>Where two texts first differ.</summary>
/// <param name="Line">One-based, like <paramref name="Column"/>.</param>
public sealed record LineDifference(int Line, int Column, string Message)
{
    const int Context = 24;

    /// <summary>Null where the bytes are equal.</summary>
    public static LineDifference? Find(ReadOnlySpan<byte> old, ReadOnlySpan<byte> now)
    {
        int position = old.CommonPrefixLength(now);
        if (position == old.Length && position == now.Length)
            return null;
        if (old.Contains((byte)0) || now.Contains((byte)0))
            return new LineDifference(1, 1, $"byte {position} differs: {old.Length} bytes are committed, {now.Length} expected");
        int line = old[..position].Count((byte)'\n') + 1;
        int start = old[..position].LastIndexOf((byte)'\n') + 1;
        string message = $"line {line} differs: committed '{Excerpt(old, start, position)}', expected '{Excerpt(now, start, position)}'";
        return new LineDifference(line, position - start + 1, message);
    }

    static string Excerpt(ReadOnlySpan<byte> text, int lineStart, int position)
    {
        int start = Math.Max(lineStart, position - Context);
        ReadOnlySpan<byte> rest = text[Math.Min(position, text.Length)..];
        int length = rest.IndexOf((byte)'\n');
        rest = rest[..Math.Min(length < 0 ? rest.Length : length, Context)];
        return (start > lineStart ? "..." : "") + Encoding.UTF8.GetString(text[start..Math.Min(position, text.Length)])
            + Encoding.UTF8.GetString(rest);
    }
}
