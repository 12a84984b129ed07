using System.Numerics;
using System.Runtime.InteropServices;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Tokenizers;

/// <summary>Words as bytes, by id and by content. An id may be without a word.</summary>
sealed class Vocabulary
{
    const int Free = -1;

    readonly List<byte> bytes = [];
    readonly List<(int Start, int Length)> words = [];
    readonly string path;
    int[] slots = [];

    /// <param name="most">Ids must be below it: the rows of the model's embedding.</param>
    public Vocabulary(string path, int most)
    {
        this.path = path;
        Most = most;
    }

    public int Most { get; }

    /// <summary>One more than the largest id.</summary>
    public int Count => words.Count;

    public ReadOnlySpan<byte> this[int id]
    {
        get
        {
            if ((uint)id >= (uint)words.Count)
                return [];
            (int start, int length) = words[id];
            return CollectionsMarshal.AsSpan(bytes).Slice(start, length);
        }
    }

    /// <summary>Gives an id its word; an id outside the model, or one that has a word already, is an error.</summary>
    public void Add(int id, ReadOnlySpan<byte> word)
    {
        if (id < 0 || id >= Most)
            throw KernelCodes.TokenizerCorrupt.With($"token {id} is not one of the model's {Most}", path);
        if (word.IsEmpty)
            throw KernelCodes.TokenizerCorrupt.With($"token {id} is empty", path);
        if (this[id].Length > 0)
            throw KernelCodes.TokenizerCorrupt.With($"token {id} has two words", path);
        Replace(id, word);
    }

    /// <summary>Gives an id below <see cref="Most"/> another word.</summary>
    public void Replace(int id, ReadOnlySpan<byte> word)
    {
        while (words.Count <= id)
            words.Add(default);
        words[id] = (bytes.Count, word.Length);
        bytes.AddRange(word);
    }

    /// <summary>Makes the words so far findable by content; two ids of one word are an error.</summary>
    public void Index()
    {
        slots = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2 * Count, 16))];
        Array.Fill(slots, Free);
        for (int id = 0; id < Count; id++)
        {
            if (this[id].IsEmpty)
                continue;
            int slot = SlotOf(this[id]);
            if (slots[slot] != Free)
                throw KernelCodes.TokenizerCorrupt.With($"tokens {slots[slot]} and {id} are the same word", path);
            slots[slot] = id;
        }
    }

    /// <summary>The id of a word that was present at <see cref="Index"/>, or -1.</summary>
    public int Find(ReadOnlySpan<byte> word) => slots[SlotOf(word)];

    int SlotOf(ReadOnlySpan<byte> word)
    {
        var hash = new HashCode();
        hash.AddBytes(word);
        int mask = slots.Length - 1;
        int slot = hash.ToHashCode() & mask;
        while (slots[slot] != Free && !this[slots[slot]].SequenceEqual(word))
            slot = (slot + 1) & mask;
        return slot;
    }
}
