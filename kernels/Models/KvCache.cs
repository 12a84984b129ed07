using Harness.Kernels.Cpu;

namespace Harness.Kernels.Models;

/// <summary>
/// Keys and values in pages of 64 tokens (all layers and heads of a page together). A page is shared by the samples of one prompt or
/// owned by one sample. Memory is taken page by page up to the capacity and kept for reuse.
/// </summary>
/// <remarks>
/// One head of a page, w8a8: keys as int8 [head width / 2][64][2], values as int8 [64][padded width], key scales [64], value scales
/// [64]; f32: keys [head width][64], values [64][padded width]. Padded width is the head's width rounded up to 8.
/// </remarks>
public sealed unsafe class KvCache : IDisposable
{
    public const int PageTokens = 64;
    readonly NativeBuffer<byte>?[] pages;
    readonly Stack<int> free = new();
    readonly int kvHeads;
    readonly long headBytes;
    int touched;

    public KvCache(ModelConfig config, Precision precision, int capacity)
    {
        kvHeads = config.KvHeads;
        headBytes = HeadBytes(config, precision);
        PageBytes = PageSize(config, precision);
        pages = new NativeBuffer<byte>?[capacity];
    }

    /// <summary>Bytes of one page.</summary>
    public long PageBytes { get; }

    public int Capacity => pages.Length;

    public int Available => pages.Length - touched + free.Count;

    public static int PaddedWidth(ModelConfig config) => (config.HeadWidth + 7) & ~7;

    /// <summary>Bytes of one page of such a model.</summary>
    public static long PageSize(ModelConfig config, Precision precision) => config.Layers * config.KvHeads * HeadBytes(config, precision);

    /// <summary>Pages that <paramref name="tokens"/> tokens fill.</summary>
    public static int PagesFor(int tokens) => (tokens + PageTokens - 1) / PageTokens;

    public int Rent()
    {
        if (free.TryPop(out int page))
            return page;
        if (touched == pages.Length)
            throw new InvalidOperationException($"all {pages.Length} pages of keys and values are in use");
        pages[touched] = new NativeBuffer<byte>(PageBytes);
        return touched++;
    }

    public void Return(int page) => free.Push(page);

    /// <summary>Takes every page back, whoever had it.</summary>
    public void ReturnAll()
    {
        free.Clear();
        for (int page = touched - 1; page >= 0; page--)
            free.Push(page);
    }

    /// <summary>Copies a whole page: a sample's own copy of the chunk that holds its prompt's end.</summary>
    public void Copy(int from, int to) => Buffer.MemoryCopy(pages[from]!.Data, pages[to]!.Data, PageBytes, PageBytes);

    /// <summary>Start of one head's keys in a page.</summary>
    public byte* Head(int page, int layer, int kvHead) => pages[page]!.Data + (((layer * kvHeads) + kvHead) * headBytes);

    public void Dispose()
    {
        foreach (NativeBuffer<byte>? page in pages)
            page?.Dispose();
    }

    static long HeadBytes(ModelConfig config, Precision precision) => precision == Precision.F32
        ? PageTokens * sizeof(float) * (long)(config.HeadWidth + PaddedWidth(config))
        : (PageTokens * (long)(config.HeadWidth + PaddedWidth(config))) + (2 * PageTokens * sizeof(float));
}
