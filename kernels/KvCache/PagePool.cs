using Harness.Kernels.Configuration;

namespace Harness.Kernels.KvCache;

/// <summary>
/// Numbers of pages of keys and values with reference counts: sequences share pages, and a page is free again once the last of them lets go
/// of it. Pages given back last are handed out first, then the lowest that was never used. It holds no memory: the CPU's cache and a
/// device's page tables use it alike.
/// </summary>
/// <param name="capacity">Pages in all.</param>
sealed class PagePool(int capacity)
{
    readonly Stack<int> free = new();
    readonly List<int> references = [];

    public int Capacity => capacity;

    public int Available => capacity - Touched + free.Count;

    /// <summary>Pages that have been handed out at some time: 0 up to this.</summary>
    public int Touched => references.Count;

    /// <summary>Sequences that hold the page; 0 where it is free.</summary>
    public int References(int page) => page < references.Count ? references[page] : 0;

    /// <summary>A free page, held once.</summary>
    public int Rent()
    {
        if (!free.TryPop(out int page))
        {
            if (Touched == capacity)
                throw new InvalidOperationException($"all {capacity} pages of keys and values are in use");
            page = Touched;
            references.Add(0);
        }
        references[page] = 1;
        return page;
    }

    /// <summary>Counts one more holder of a page that is held.</summary>
    public void Retain(int page)
    {
        RequireHeld(page);
        references[page]++;
    }

    /// <summary>Counts one holder less; the last one frees the page.</summary>
    public void Release(int page)
    {
        RequireHeld(page);
        if (--references[page] == 0)
            free.Push(page);
    }

    /// <summary>Lets go of all pages of a sequence, which is empty then.</summary>
    public void Release(SequencePages sequence)
    {
        for (int i = 0; i < sequence.Count; i++)
            Release(sequence.Pages[i]);
        sequence.Clear();
    }

    /// <summary>Adds a page of its own to a sequence.</summary>
    public void Extend(SequencePages sequence) => sequence.Add(Rent());

    /// <summary>
    /// Adds the first <paramref name="count"/> pages of one sequence to another, which reads them from then on too; nothing is copied.
    /// </summary>
    public void Share(SequencePages from, int count, SequencePages to)
    {
        for (int i = 0; i < count; i++)
        {
            Retain(from.Pages[i]);
            to.Add(from.Pages[i]);
        }
    }

    /// <summary>
    /// Makes the page of <paramref name="position"/>, the sequence's next one, writable: adds it where it is missing, and replaces it by a
    /// page of the sequence's own where others hold it too. The caller then copies what is filled.
    /// </summary>
    /// <returns>What to copy before the write; null where nothing is to be copied.</returns>
    public PageCopy? PrepareWrite(SequencePages sequence, int position)
    {
        int index = position / PageSize.Tokens, filled = position % PageSize.Tokens;
        if (index == sequence.Count)
        {
            Extend(sequence);
            return null;
        }
        int shared = sequence.Pages[index];
        if (references[shared] == 1)
            return null;
        int own = Rent();
        sequence.Replace(index, own);
        Release(shared);
        return filled == 0 ? null : new PageCopy(shared, own, filled);
    }

    void RequireHeld(int page)
    {
        if (References(page) == 0)
            throw new InvalidOperationException($"page {page} is held by no sequence");
    }
}

/// <summary>The first <paramref name="Tokens"/> tokens of one page, to be copied to another.</summary>
readonly record struct PageCopy(int From, int To, int Tokens);
