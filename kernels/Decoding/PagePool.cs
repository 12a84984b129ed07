namespace Harness.Kernels.Decoding;

/// <summary>Numbers of the pages that are free, lowest unused first.</summary>
sealed class PagePool(int capacity)
{
    readonly Stack<int> free = new();
    int touched;

    public int Capacity => capacity;

    public int Rent()
    {
        if (free.TryPop(out int page))
            return page;
        if (touched == capacity)
            throw new InvalidOperationException($"all {capacity} pages of keys and values are in use");
        return touched++;
    }

    public void Return(int page) => free.Push(page);
}
