using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;

namespace Harness.Kernels.KvCache;

/// <summary>
/// Keys and values in the processor's memory, in pages of 64 tokens (all layers and heads of a page together). Sequences that begin alike
/// share pages; a shared page is copied before one of them writes to it. Layout: <see cref="HeadPage"/>. Memory is taken in slabs of pages
/// up to the capacity and kept for reuse.
/// </summary>
public sealed unsafe class KvCacheCpu : IDisposable
{
    const long SlabBytes = 16 << 20;
    readonly List<NativeBuffer<byte>> slabs = [];
    readonly int pagesPerSlab;
    readonly ModelConfig config;
    readonly Precision precision;
    readonly long headBytes;

    public KvCacheCpu(ModelConfig config, Precision precision, int capacity)
    {
        this.config = config;
        this.precision = precision;
        headBytes = HeadPage.Bytes(config, precision);
        PageBytes = BytesOfPage(config, precision);
        Pages = new PagePool(capacity);
        pagesPerSlab = (int)Math.Clamp(SlabBytes / PageBytes, 1, Math.Max(capacity, 1));
    }

    /// <summary>Bytes of one page.</summary>
    public long PageBytes { get; }

    /// <summary>Pages in all.</summary>
    public int Capacity => Pages.Capacity;

    /// <summary>Pages that no sequence holds.</summary>
    public int Available => Pages.Available;

    /// <summary>Who holds which pages.</summary>
    internal PagePool Pages { get; }

    /// <summary>A head's width, rounded up to 8.</summary>
    public static int PaddedWidth(ModelConfig config) => (config.HeadWidth + 7) & ~7;

    /// <summary>Bytes of one page of such a model.</summary>
    public static long BytesOfPage(ModelConfig config, Precision precision) =>
        (long)config.Layers * config.KvHeads * HeadPage.Bytes(config, precision);

    /// <summary>A free page, held once.</summary>
    internal int Rent()
    {
        int page = Pages.Rent();
        TakeMemory();
        return page;
    }

    /// <summary>
    /// Makes room for the sequence's token at <paramref name="position"/>, the one after its last: adds a page where the token begins one,
    /// and where others hold the page too, gives the sequence a copy of the tokens that are filled.
    /// </summary>
    public void PrepareWrite(SequencePages sequence, int position)
    {
        PageCopy? needed = Pages.PrepareWrite(sequence, position);
        TakeMemory();
        if (needed is { } copy)
            Copy(copy);
    }

    /// <summary>
    /// Lets <paramref name="child"/>, which is empty, read what <paramref name="parent"/> holds; either may go on by itself.
    /// </summary>
    public void Fork(SequencePages parent, SequencePages child) => Pages.Share(parent, parent.Count, child);

    /// <summary>Lets go of a sequence's pages; those that no other sequence holds are free again.</summary>
    public void Release(SequencePages sequence) => Pages.Release(sequence);

    /// <summary>Start of one head's keys in a page.</summary>
    public byte* Head(int page, int layer, int kvHead) => Page(page) + (((layer * config.KvHeads) + kvHead) * headBytes);

    public void Dispose()
    {
        foreach (NativeBuffer<byte> slab in slabs)
            slab.Dispose();
    }

    void Copy(PageCopy copy)
    {
        HeadShape shape = HeadShape.Of(config, precision, InstructionSet.Portable);
        for (int head = 0; head < config.Layers * config.KvHeads; head++)
        {
            HeadPage from = new(Page(copy.From) + (head * headBytes), shape), to = new(Page(copy.To) + (head * headBytes), shape);
            from.CopyTo(to, copy.Tokens, shape);
        }
    }

    void TakeMemory()
    {
        while (Pages.Touched > slabs.Count * pagesPerSlab)
            slabs.Add(new NativeBuffer<byte>(PageBytes * Math.Min(pagesPerSlab, Capacity - (slabs.Count * pagesPerSlab))));
    }

    byte* Page(int page) => slabs[page / pagesPerSlab].Data + (page % pagesPerSlab * PageBytes);
}
