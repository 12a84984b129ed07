using System.Runtime.InteropServices;
using Harness.Kernels.Driver;
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
public struct CopyPagesParameters
{
    public DevicePointer Cache;

    /// <summary>int32 pairs: from, to.</summary>
    public DevicePointer Pairs;
    public long PageBytes;
}

/// <summary>Starts the kernels of Slots.cu: samples enter slots, their tokens are gathered for the host, pages are copied.</summary>
public static class SlotsCuda
{
    const int Threads = 128;
    const int CopyThreads = 256;

    /// <summary>Threads that gather one slot's tokens.</summary>
    const int SlotThreads = 8;

    /// <summary>Bytes of a page that a block copies, about.</summary>
    const int CopyPart = 64 << 10;

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

    public static void CopyPages(IKernelDevice device, in CopyPagesParameters parameters, int pairs) =>
        device.Launch(
            CopyKernel, new LaunchShape(pairs, (int)Math.Clamp(parameters.PageBytes / CopyPart, 1, 64), 1, CopyThreads), parameters);
}
