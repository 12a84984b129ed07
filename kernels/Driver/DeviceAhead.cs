using System.Runtime.InteropServices;

namespace Harness.Kernels.Driver;

/// <summary>
/// Memory that a kernel asks for on behalf of the next ones, so that it lies in the L2 cache by then. The default asks for nothing.
/// Exact.cuh has the same fields.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
readonly record struct DeviceAhead
{
    /// <summary>More would push out what is needed sooner, and is bound by the memory's bandwidth anyway.</summary>
    const long MostBytes = 4 << 20;

    readonly DevicePointer start;
    readonly int bytes;

    public DeviceAhead(DevicePointer start, long bytes)
    {
        this.start = bytes <= MostBytes ? start : default;
        this.bytes = bytes <= MostBytes ? (int)bytes : 0;
    }
}
