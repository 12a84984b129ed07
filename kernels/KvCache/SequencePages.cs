namespace Harness.Kernels.KvCache;

/// <summary>A sequence's place in the cache: the pages that hold its keys and values, by position / 64.</summary>
/// <param name="capacity">Pages of the longest sequence.</param>
public sealed class SequencePages(int capacity)
{
    /// <summary>[capacity], of which the first <see cref="Count"/> are in use.</summary>
    public int[] Pages { get; } = new int[capacity];

    public int Count { get; private set; }

    internal void Add(int page) => Pages[Count++] = page;

    internal void Replace(int index, int page) => Pages[index] = page;

    internal void Clear() => Count = 0;
}
