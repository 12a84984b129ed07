using System.Buffers;
using System.Text;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Tokenizers;

/// <summary>A token that is matched in the text before anything else.</summary>
/// <param name="StripLeft">Whether it swallows white space before it.</param>
/// <param name="StripRight">Whether it swallows white space after it.</param>
readonly record struct AddedToken(int Id, string Content, bool IsSpecial, bool StripLeft = false, bool StripRight = false);

/// <summary>Finds added tokens in UTF-8 text: the leftmost, and of those that start there the longest.</summary>
sealed class AddedTokens
{
    readonly AddedToken[] tokens;
    readonly Vocabulary contents;
    readonly int[]?[] lengthsByFirstByte = new int[256][];
    readonly SearchValues<byte> firstBytes;

    public AddedTokens(IEnumerable<AddedToken> tokens, string path)
    {
        this.tokens = [.. tokens];
        contents = new Vocabulary(path, this.tokens.Length);
        var lengths = new SortedSet<int>?[256];
        for (int i = 0; i < this.tokens.Length; i++)
        {
            byte[] content = Encoding.UTF8.GetBytes(this.tokens[i].Content);
            if (content.Length == 0)
                throw KernelCodes.TokenizerCorrupt.With($"added token {this.tokens[i].Id} is empty", path);
            contents.Add(i, content);
            (lengths[content[0]] ??= []).Add(-content.Length);
        }
        contents.Index();
        for (int first = 0; first < 256; first++)
            lengthsByFirstByte[first] = lengths[first]?.Select(length => -length).ToArray();
        firstBytes =
            SearchValues.Create([.. Enumerable.Range(0, 256).Where(first => lengths[first] is not null).Select(first => (byte)first)]);
    }

    /// <summary>
    /// The first token in <paramref name="utf8"/> that is matched at all, with where it starts and ends (stripped space included).
    /// </summary>
    public bool TryFind(ReadOnlySpan<byte> utf8, bool withSpecial, out AddedToken token, out int start, out int end)
    {
        for (int at = 0; at < utf8.Length; at++)
        {
            int skipped = utf8[at..].IndexOfAny(firstBytes);
            if (skipped < 0)
                break;
            at += skipped;
            if (LongestAt(utf8[at..], withSpecial) is not (>= 0 and int index))
                continue;
            token = tokens[index];
            start = token.StripLeft ? at - TrailingSpace(utf8[..at]) : at;
            end = at + contents[index].Length;
            end += token.StripRight ? ScalarClasses.Run(utf8[end..], ScalarClass.Space) : 0;
            return true;
        }
        (token, start, end) = (default, 0, 0);
        return false;
    }

    int LongestAt(ReadOnlySpan<byte> utf8, bool withSpecial)
    {
        foreach (int length in lengthsByFirstByte[utf8[0]]!)
        {
            if (length > utf8.Length)
                continue;
            int index = contents.Find(utf8[..length]);
            if (index >= 0 && (withSpecial || !tokens[index].IsSpecial))
                return index;
        }
        return -1;
    }

    static int TrailingSpace(ReadOnlySpan<byte> utf8)
    {
        int end = utf8.Length;
        while (end > 0)
        {
            Rune.DecodeLastFromUtf8(utf8[..end], out Rune last, out int length);
            if (!Rune.IsWhiteSpace(last))
                break;
            end -= length;
        }
        return utf8.Length - end;
    }
}
