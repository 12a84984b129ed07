using System.Buffers;
using System.Text;

namespace Harness.Kernels.Tokenizers;

/// <summary>Byte-level byte-pair encoding (Radford et al. 2019), as GPT-2, Llama 3, Qwen and SmolLM use it.</summary>
sealed class ByteLevelBpeTokenizer : AddedTokenTokenizer
{
    readonly PreTokenizer preTokenizer;
    readonly BytePairMerges merges;
    readonly WordCache cache = new();
    readonly int[] idOfByte = new int[256];

    /// <summary>Ids of the 256 bytes must be in the vocabulary's index; a byte without one is left out, as tokenizers does.</summary>
    public ByteLevelBpeTokenizer(TokenizerParts parts, PreTokenizer preTokenizer, BytePairMerges merges)
        : base(parts)
    {
        this.preTokenizer = preTokenizer;
        this.merges = merges;
        for (int value = 0; value < 256; value++)
            idOfByte[value] = Vocabulary.Find([(byte)value]);
    }

    /// <summary>Whether a word that is in the vocabulary is taken whole, before any merge.</summary>
    public bool IgnoresMerges { get; init; }

    public override string Decode(ReadOnlySpan<int> ids, bool keepSpecial)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (int id in ids)
        {
            if (keepSpecial || !IsSpecial(id))
                bytes.Write(TokenBytes(id));
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    protected override void EncodePlain(ReadOnlySpan<byte> utf8, List<int> ids)
    {
        int segment = 0;
        while (!utf8.IsEmpty)
        {
            int length = preTokenizer.NextWord(utf8, ref segment);
            EncodeWord(utf8[..length], ids);
            utf8 = utf8[length..];
        }
    }

    void EncodeWord(ReadOnlySpan<byte> word, List<int> ids)
    {
        ReadOnlySpan<int> cached = cache.Find(word, out int slot);
        if (!cached.IsEmpty)
        {
            ids.AddRange(cached);
            return;
        }
        if (IgnoresMerges && Vocabulary.Find(word) is >= 0 and int whole)
        {
            ids.Add(whole);
            return;
        }
        int[] symbols = ArrayPool<int>.Shared.Rent(word.Length);
        int count = 0;
        foreach (byte value in word)
        {
            if (idOfByte[value] >= 0)
                symbols[count++] = idOfByte[value];
        }
        count = merges.Merge(symbols.AsSpan(0, count));
        cache.Keep(slot, word, symbols.AsSpan(0, count));
        ids.AddRange(symbols.AsSpan(0, count));
        ArrayPool<int>.Shared.Return(symbols);
    }
}
