using ManagedCuda.BasicTypes;
using static ManagedCuda.DriverAPINativeMethods;

namespace Harness.Kernels.Driver;

/// <summary>Page-locked memory that a GPU copies into.</summary>
sealed class CudaHostRead : IHostRead
{
    readonly CudaDevice device;
    readonly int capacity;
    readonly nint memory;
    readonly Action free;
    readonly CudaEvent copied;
    int length;

    public CudaHostRead(CudaDevice device, int capacity)
    {
        this.device = device;
        this.capacity = capacity;
        (memory, free) = device.AllocatePageLocked(capacity);
        copied = new CudaEvent(device, CUEventFlags.DisableTiming);
    }

    public void Begin(DevicePointer from, int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, capacity);
        device.Enter(duringCapture: false);
        device.Errors.Check(AsynchronousMemcpy_v2.cuMemcpyDtoHAsync_v2(memory, CudaDevice.Pointer(from), bytes, device.Stream));
        copied.Record();
        length = bytes;
    }

    public unsafe ReadOnlySpan<byte> Wait()
    {
        device.Enter(duringCapture: false);
        copied.Wait();
        return new((void*)memory, length);
    }

    public void Dispose()
    {
        copied.Dispose();
        free();
    }
}
