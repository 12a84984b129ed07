using System.Numerics;
using System.Runtime.InteropServices;
using Harness.Kernels.Attention;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Decoding.Device;

/// <summary>Rows that read one chunk of keys and values together.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct AttentionItem(int Page, int Chunk, int FirstRow, int Rows);

/// <summary>The chunks that several rows share, as a list in a device's memory: an int32 count, 16 bytes on the items.</summary>
sealed class AttentionItems : IDisposable
{
    const int HeaderBytes = 16;

    readonly IKernelDevice device;
    readonly int mostRows;
    readonly List<AttentionItem> items = [];
    DeviceBuffer memory;

    /// <param name="device">Where the list lies.</param>
    /// <param name="config">Its heads say how many rows one item may have.</param>
    /// <param name="capacity">A power of two.</param>
    public AttentionItems(IKernelDevice device, ModelConfig config, int capacity)
    {
        this.device = device;
        mostRows = AttentionCuda.RowsOfItem(config.Heads, config.KvHeads);
        Capacity = capacity;
        memory = Allocate(capacity);
    }

    /// <summary>Items that fit; a power of two.</summary>
    public int Capacity { get; private set; }

    public int Count => items.Count;

    /// <summary>Items that a launch makes room for: a power of two, so that few graphs are recorded; 0 where there are none.</summary>
    public int Launched => (int)BitOperations.RoundUpToPowerOf2((uint)items.Count);

    public DevicePointer CountPointer => memory.Start;

    public DevicePointer Items => memory.Start + HeaderBytes;

    public void Clear() => items.Clear();

    /// <summary>Adds what rows of ascending positions of one sequence see of a page.</summary>
    public void Add(int page, int chunk, int firstRow, int rows)
    {
        for (int row = 0; row < rows; row += mostRows)
            items.Add(new AttentionItem(page, chunk, firstRow + row, Math.Min(mostRows, rows - row)));
    }

    /// <summary>Copies the list to the device, behind the work started so far.</summary>
    public void Upload()
    {
        if (items.Count > Capacity)
        {
            while (Capacity < items.Count)
                Capacity *= 2;
            device.Synchronize();
            memory.Dispose();
            memory = Allocate(Capacity);
        }
        Span<int> header = [items.Count, 0, 0, 0];
        device.CopyToDevice(memory.Start, MemoryMarshal.AsBytes(header));
        if (items.Count > 0)
            device.CopyToDevice(Items, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(items)));
    }

    public void Dispose() => memory.Dispose();

    DeviceBuffer Allocate(int capacity) =>
        device.Allocate(HeaderBytes + (capacity * (long)Marshal.SizeOf<AttentionItem>()), "lists of shared chunks");
}
