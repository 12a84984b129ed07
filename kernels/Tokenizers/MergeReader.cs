using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Tokenizers;

/// <summary>Builds merges from pairs written in the byte alphabet; each half and the whole must be words.</summary>
sealed class MergeReader(Vocabulary vocabulary, string path)
{
    byte[] buffer = [];

    public BytePairMerges Merges { get; } = new();

    /// <summary>Adds a pair written with a space between its halves.</summary>
    public void Add(ReadOnlySpan<byte> pair)
    {
        int space = pair.IndexOf((byte)' ');
        if (space <= 0)
            throw Corrupt("a merge is not two words with a space between");
        Add(pair[..space], pair[(space + 1)..]);
    }

    public void Add(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (buffer.Length < left.Length + right.Length)
            buffer = new byte[2 * (left.Length + right.Length)];
        if (!ByteAlphabet.TryDecode(left, buffer, out int leftLength)
            || !ByteAlphabet.TryDecode(right, buffer.AsSpan(leftLength), out int rightLength))
        {
            throw Corrupt("a merge is not of the byte alphabet");
        }
        int leftId = vocabulary.Find(buffer.AsSpan(0, leftLength));
        int rightId = vocabulary.Find(buffer.AsSpan(leftLength, rightLength));
        int whole = vocabulary.Find(buffer.AsSpan(0, leftLength + rightLength));
        if (leftId < 0 || rightId < 0 || whole < 0)
            throw Corrupt("a merge's half or whole is not in the vocabulary");
        if (!Merges.Add(leftId, rightId, whole))
            throw Corrupt("a merge appears twice");
    }

    HarnessException Corrupt(string what) => KernelCodes.TokenizerCorrupt.With($"merge {Merges.Count}: {what}", path);
}
