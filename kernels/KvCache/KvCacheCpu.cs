using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;

namespace Harness.Kernels.KvCache;

/// <summary>
/// Keys and values in pages of 64 tokens (all layers and heads of a page together). A page is shared by the samples of one prompt or
/// owned by one sample. Layout: <see cref="HeadPage"/>. Memory is taken in slabs of pages up to the capacity and kept for reuse.
/// </summary>
public sealed unsafe class KvCacheCpu : IDisposable
{
    const long SlabBytes = 16 << 20;
    readonly List<NativeBuffer<byte>> slabs = [];
    readonly int pagesPerSlab;
    readonly PagePool pages;
    readonly int kvHeads;
    readonly long headBytes;

    public KvCacheCpu(ModelConfig config, Precision precision, int capacity)
    {
        kvHeads = config.KvHeads;
        headBytes = HeadPage.Bytes(config, precision);
        PageBytes = PageSize(config, precision);
        pages = new PagePool(capacity);
        pagesPerSlab = (int)Math.Clamp(SlabBytes / PageBytes, 1, Math.Max(capacity, 1));
    }

    /// <summary>Bytes of one page.</summary>
    public long PageBytes { get; }

    public int Capacity => pages.Capacity;

    public int Available => pages.Available;

    public static int PaddedWidth(ModelConfig config) => (config.HeadWidth + 7) & ~7;

    /// <summary>Bytes of one page of such a model.</summary>
    public static long PageSize(ModelConfig config, Precision precision) => (long)config.Layers * config.KvHeads * HeadPage.Bytes(config, precision);

    public int Rent()
    {
        int page = pages.Rent();
        if (page == slabs.Count * pagesPerSlab)
            slabs.Add(new NativeBuffer<byte>(PageBytes * Math.Min(pagesPerSlab, Capacity - page)));
        return page;
    }

    public void Return(int page) => pages.Return(page);

    /// <summary>Takes every page back, whoever had it.</summary>
    public void ReturnAll() => pages.ReturnAll();

    /// <summary>Copies a whole page: a sample's own copy of the chunk that holds its prompt's end.</summary>
    public void Copy(int from, int to) => Buffer.MemoryCopy(Page(from), Page(to), PageBytes, PageBytes);

    /// <summary>Start of one head's keys in a page.</summary>
    public byte* Head(int page, int layer, int kvHead) => Page(page) + (((layer * kvHeads) + kvHead) * headBytes);

    public void Dispose()
    {
        foreach (NativeBuffer<byte> slab in slabs)
            slab.Dispose();
    }

    byte* Page(int page) => slabs[page / pagesPerSlab].Data + (page % pagesPerSlab * PageBytes);
}
