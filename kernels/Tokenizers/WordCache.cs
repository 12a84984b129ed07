namespace Harness.Kernels.Tokenizers;

/// <summary>
/// Ids of words met lately. A slot holds the last word of its hash; threads may overwrite each other's, never see half of one.
/// </summary>
sealed class WordCache
{
    const int Slots = 1 << 14;
    const int LongestWord = 32;

    readonly Entry?[] entries = new Entry?[Slots];

    public ReadOnlySpan<int> Find(ReadOnlySpan<byte> word, out int slot)
    {
        var hash = new HashCode();
        hash.AddBytes(word);
        slot = hash.ToHashCode() & (Slots - 1);
        return Volatile.Read(ref entries[slot]) is { } entry && entry.Word.AsSpan().SequenceEqual(word) ? entry.Ids : default;
    }

    public void Keep(int slot, ReadOnlySpan<byte> word, ReadOnlySpan<int> ids)
    {
        if (word.Length <= LongestWord)
            Volatile.Write(ref entries[slot], new Entry(word.ToArray(), ids.ToArray()));
    }

    sealed record Entry(byte[] Word, int[] Ids);
}
