using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Decoding.Device;

/// <summary>Parameters of the kernel of Decoding.cu, which has the same fields; all point to int32.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct DecodeBeginParameters
{
    /// <summary>Slot of each row, -1 where it has none.</summary>
    public DevicePointer RowSlots;

    /// <summary>Last token of each slot.</summary>
    public DevicePointer SlotToken;

    /// <summary>Absolute position of <see cref="SlotToken"/>.</summary>
    public DevicePointer SlotPosition;

    /// <summary>0 of each slot that still draws.</summary>
    public DevicePointer SlotDone;

    /// <summary>Written: token of each row.</summary>
    public DevicePointer Tokens;

    /// <summary>Written: position of each row, -1 where it has nothing to do.</summary>
    public DevicePointer Positions;

    /// <summary>Written: the row of the page table of each row, which is its slot.</summary>
    public DevicePointer Sequences;

    public int Rows;
}

/// <summary>Starts the kernel of Decoding.cu: a pass's rows from the samples' state, which stays on the device.</summary>
public static class DecodingCuda
{
    const int Threads = 128;
    static readonly KernelName BeginName = new("Decoding", "decode_begin");

    public static void Begin(IKernelDevice device, in DecodeBeginParameters parameters) =>
        device.Launch(BeginName, new LaunchShape((parameters.Rows + Threads - 1) / Threads, Threads), parameters);
}
