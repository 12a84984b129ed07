namespace Harness.Kernels.KvCache;

/// <summary>Numbers of pages of keys and values: those that were returned first, then the lowest that none has had.</summary>
sealed class PagePool(int capacity)
{
    readonly Stack<int> free = new();

    public int Capacity => capacity;

    public int Available => capacity - Touched + free.Count;

    /// <summary>Pages that have been rented at some time: 0 up to this.</summary>
    public int Touched { get; private set; }

    public int Rent()
    {
        if (free.TryPop(out int page))
            return page;
        return Touched < capacity ? Touched++ : throw new InvalidOperationException($"all {capacity} pages of keys and values are in use");
    }

    public void Return(int page) => free.Push(page);

    /// <summary>Takes every page back, whoever had it.</summary>
    public void ReturnAll()
    {
        free.Clear();
        for (int page = Touched - 1; page >= 0; page--)
            free.Push(page);
    }
}
