using System.Buffers;

namespace Harness.Kernels.Tokenizers;

/// <summary>
/// Byte-pair encoding of one word (Sennrich et al. 2016, 1508.07909): the adjacent pair of lowest rank is merged, the leftmost
/// first, until no pair has a rank.
/// </summary>
sealed class BytePairMerges
{
    const int NoRank = int.MaxValue;

    /// <summary>Words up to this length are scanned for their lowest rank at each merge; longer ones keep a heap of pairs.</summary>
    const int LongestScanned = 48;

    readonly Dictionary<ulong, (int Rank, int Merged)> merges = [];

    public int Count => merges.Count;

    /// <summary>Adds the merge of the next rank; false where the pair has one already.</summary>
    public bool Add(int left, int right, int merged) => merges.TryAdd(Key(left, right), (merges.Count, merged));

    /// <summary>Merges <paramref name="symbols"/> in place and returns how many are left.</summary>
    public int Merge(Span<int> symbols) => symbols.Length <= LongestScanned ? MergeScanning(symbols) : MergeByHeap(symbols);

    // The product spreads pairs over the buckets; it is a bijection, so pairs stay distinct.
    static ulong Key(int left, int right) => (((ulong)(uint)left << 32) | (uint)right) * 0x9E3779B97F4A7C15;

    int Rank(int left, int right) => merges.TryGetValue(Key(left, right), out (int Rank, int Merged) merge) ? merge.Rank : NoRank;

    int MergeScanning(Span<int> symbols)
    {
        Span<int> ranks = stackalloc int[LongestScanned];
        int count = symbols.Length;
        for (int i = 0; i + 1 < count; i++)
            ranks[i] = Rank(symbols[i], symbols[i + 1]);
        while (count > 1)
        {
            int best = 0;
            for (int i = 1; i + 1 < count; i++)
            {
                if (ranks[i] < ranks[best])
                    best = i;
            }
            if (ranks[best] == NoRank)
                break;
            symbols[best] = merges[Key(symbols[best], symbols[best + 1])].Merged;
            symbols[(best + 2)..count].CopyTo(symbols[(best + 1)..]);
            ranks[(best + 1)..(count - 1)].CopyTo(ranks[best..]);
            count--;
            if (best > 0)
                ranks[best - 1] = Rank(symbols[best - 1], symbols[best]);
            if (best + 1 < count)
                ranks[best] = Rank(symbols[best], symbols[best + 1]);
        }
        return count;
    }

    int MergeByHeap(Span<int> symbols)
    {
        int count = symbols.Length;
        int[] next = ArrayPool<int>.Shared.Rent(count);
        int[] previous = ArrayPool<int>.Shared.Rent(count);
        int[] ranks = ArrayPool<int>.Shared.Rent(count);
        var pairs = new PriorityQueue<int, ulong>(count);
        for (int i = 0; i < count; i++)
            (next[i], previous[i]) = (i + 1, i - 1);
        for (int i = 0; i < count; i++)
            Offer(i, symbols);
        while (pairs.TryDequeue(out int left, out ulong priority))
        {
            // A pair that has changed since it was offered was offered again with its new rank.
            if ((int)(priority >> 32) != ranks[left])
                continue;
            int right = next[left];
            symbols[left] = merges[Key(symbols[left], symbols[right])].Merged;
            ranks[right] = NoRank;
            next[left] = next[right];
            if (next[left] < count)
                previous[next[left]] = left;
            Offer(left, symbols);
            if (previous[left] >= 0)
                Offer(previous[left], symbols);
        }
        int kept = 0;
        for (int i = 0; i < count; i = next[i])
            symbols[kept++] = symbols[i];
        ArrayPool<int>.Shared.Return(next);
        ArrayPool<int>.Shared.Return(previous);
        ArrayPool<int>.Shared.Return(ranks);
        return kept;

        void Offer(int left, ReadOnlySpan<int> symbols)
        {
            ranks[left] = next[left] < count ? Rank(symbols[left], symbols[next[left]]) : NoRank;
            if (ranks[left] != NoRank)
                pairs.Enqueue(left, ((ulong)(uint)ranks[left] << 32) | (uint)left);
        }
    }
}
