using ManagedCuda.BasicTypes;
using static ManagedCuda.DriverAPINativeMethods;

namespace Harness.Kernels.Driver;

/// <summary>
/// Page-locked memory through which copies to a GPU go, so that their sources are free at once and the processor seldom waits: a ring of
/// parts, each of which is filled again when the copies out of it have been made.
/// </summary>
sealed class CudaStaging
{
    public const int PartBytes = 2 << 20;
    const int Parts = 4;
    const int Alignment = 16;
    readonly CudaDevice device;
    readonly nint memory;
    readonly CudaEvent[] read;
    readonly bool[] pending = new bool[Parts];
    int part;
    int used;

    public CudaStaging(CudaDevice device)
    {
        this.device = device;
        memory = device.AllocatePageLocked(Parts * PartBytes).Start;
        read = [.. Enumerable.Range(0, Parts).Select(_ => new CudaEvent(device, CUEventFlags.DisableTiming))];
    }

    public unsafe void Copy(DevicePointer to, ReadOnlySpan<byte> from)
    {
        while (!from.IsEmpty)
        {
            if (used == PartBytes)
                Turn();
            int bytes = Math.Min(from.Length, PartBytes - used);
            nint start = memory + part * PartBytes + used;
            from[..bytes].CopyTo(new Span<byte>((void*)start, bytes));
            device.Errors.Check(AsynchronousMemcpy_v2.cuMemcpyHtoDAsync_v2(CudaDevice.Pointer(to), start, bytes, device.Stream));
            used = (used + bytes + Alignment - 1) / Alignment * Alignment;
            to += bytes;
            from = from[bytes..];
        }
    }

    /// <summary>Goes on to the next part, whose copies must have been made.</summary>
    void Turn()
    {
        read[part].Record();
        pending[part] = true;
        part = (part + 1) % Parts;
        used = 0;
        if (pending[part])
            read[part].Wait();
    }
}
