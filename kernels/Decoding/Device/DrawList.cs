using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.KvCache;

namespace Harness.Kernels.Decoding.Device;

/// <summary>Samples that enter their slots and draw their first tokens from their prompts' logits.</summary>
sealed class DrawList : IDisposable
{
    readonly IKernelDevice device;
    readonly DeviceBuffer memory;
    readonly int capacity;
    readonly List<StartEntry> entries = [];
    readonly List<int> slots = [];
    readonly List<int> logitRows = [];
    readonly List<PageCopy> copies = [];

    public DrawList(IKernelDevice device, int capacity)
    {
        this.device = device;
        this.capacity = Math.Max(capacity, DeviceLayout.Alignment / sizeof(int));
        memory = device.Allocate(this.capacity * (long)(EntriesOffset + Marshal.SizeOf<StartEntry>()), "samples that enter");
    }

    public int Count => entries.Count;

    /// <summary>int32 [count].</summary>
    public DevicePointer Slots => memory.Start;

    /// <summary>int32 [count].</summary>
    public DevicePointer LogitRows => memory.Start + (capacity * (long)sizeof(int));

    DevicePointer Copies => memory.Start + (2L * capacity * sizeof(int));

    DevicePointer Entries => memory.Start + (capacity * (long)EntriesOffset);

    /// <summary>Bytes a sample before the entries: a slot, a row of logits, and what to copy (two pages, a count of tokens).</summary>
    const int EntriesOffset = 5 * sizeof(int);

    public void Clear()
    {
        entries.Clear();
        slots.Clear();
        logitRows.Clear();
        copies.Clear();
    }

    public void Add(DeviceSlot slot)
    {
        PromptState prompt = slot.Prompt!;
        entries.Add(new StartEntry(slot.Index, prompt.Request.Prompt[^1], prompt.Length - 1, prompt.Request.Problem, slot.Sample));
        slots.Add(slot.Index);
        logitRows.Add(prompt.LogitRow);
        int filled = prompt.Length % PageSize.Tokens;
        if (filled != 0)
            copies.Add(new PageCopy(prompt.Sequence.Pages[prompt.FullPages], slot.Sequence.Pages[prompt.FullPages], filled));
    }

    /// <summary>Gives the samples their own copies of what their prompts left in a page, and puts them into their slots.</summary>
    public void Upload(DeviceSession session)
    {
        Copy(Slots, slots);
        Copy(LogitRows, logitRows);
        Copy(Entries, entries);
        if (copies.Count > 0)
        {
            Copy(Copies, copies);
            SlotsCuda.CopyPages(device, session.Copy(Copies), copies.Count);
        }
        SlotsCuda.Start(device, new StartSlotsParameters { State = session.State, Entries = Entries, Count = entries.Count });
    }

    public void Dispose() => memory.Dispose();

    void Copy<T>(DevicePointer to, List<T> values) where T : unmanaged =>
        device.CopyToDevice(to, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(values)));
}
