namespace Harness.Kernels.KvCache;

/// <summary>A sequence's place in the cache: the pages that hold its keys and values, by position / 64.</summary>
public sealed class SequencePages(int capacity)
{
    public int[] Pages { get; } = new int[capacity];

    public int Count { get; private set; }

    public void Add(int page) => Pages[Count++] = page;

    public void Clear() => Count = 0;
}
