using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.KvCache;
using Harness.Kernels.Sampling;

namespace Harness.Kernels.Decoding.Device;

/// <summary>A sample that enters a slot.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct StartEntry(int Slot, int Token, int Position, int Problem, int Sample);

[StructLayout(LayoutKind.Sequential)]
public struct StartSlotsParameters
{
    public SlotState State;

    /// <summary><see cref="StartEntry"/> [count].</summary>
    public DevicePointer Entries;
    public int Count;
}

[StructLayout(LayoutKind.Sequential)]
public struct CollectSlotsParameters
{
    public SlotState State;
    public DevicePointer Errors;

    /// <summary>int32 [4]: the errors.</summary>
    public DevicePointer Header;

    /// <summary>int32 [slots].</summary>
    public DevicePointer Counts;

    /// <summary>int32 [slots, most].</summary>
    public DevicePointer Tokens;

    /// <summary>float32 [slots, most].</summary>
    public DevicePointer LogProbabilities;
    public int Most;
}

[StructLayout(LayoutKind.Sequential)]
struct CopyPagesParameters
{
    public DevicePointer Cache;

    /// <summary><see cref="PageCopy"/> [copies].</summary>
    public DevicePointer Copies;

    /// <summary>Heads of a page, in all layers.</summary>
    public int Heads;

    /// <summary>As <see cref="DeviceLayout.RowBytes"/>.</summary>
    public int RowBytes;

    /// <summary>As <see cref="DeviceLayout.ScaleBytes"/>.</summary>
    public int ScaleBytes;
}

/// <summary>
/// Starts the kernels of Slots.cu: samples enter slots, their tokens are gathered for the host, prompts' ends are copied.
/// </summary>
public static class SlotsCuda
{
    const int Threads = 128;
    const int WarpThreads = 32;

    /// <summary>Warps of a block that copies; each takes a head at a time.</summary>
    const int CopyWarps = 8;

    /// <summary>Blocks that copy from one page, at most.</summary>
    const int MostCopyBlocks = 64;

    /// <summary>Threads that gather one slot's tokens.</summary>
    const int SlotThreads = 8;

    static readonly KernelName StartKernel = new("Slots", "start_slots");
    static readonly KernelName CollectKernel = new("Slots", "collect_slots");
    static readonly KernelName CopyKernel = new("Slots", "copy_pages");

    public static void Start(IKernelDevice device, in StartSlotsParameters parameters) =>
        device.Launch(StartKernel, new LaunchShape((parameters.Count + Threads - 1) / Threads, Threads), parameters);

    public static void Collect(IKernelDevice device, in CollectSlotsParameters parameters) =>
        device.Launch(
            CollectKernel,
            new LaunchShape((int)(((long)parameters.State.Slots * SlotThreads + Threads - 1) / Threads), Threads),
            parameters);

    /// <summary>Copies the filled tokens of pages, not whole pages.</summary>
    internal static void CopyPages(IKernelDevice device, in CopyPagesParameters parameters, int copies) =>
        device.Launch(
            CopyKernel,
            new LaunchShape(copies, Math.Clamp(parameters.Heads / CopyWarps, 1, MostCopyBlocks), 1, CopyWarps * WarpThreads),
            parameters);
}
