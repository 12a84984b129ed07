using ManagedCuda.BasicTypes;
using static ManagedCuda.DriverAPINativeMethods;

namespace Harness.Kernels.Driver;

/// <summary>A place in the order of a GPU's work; a thread that waits for it sleeps.</summary>
sealed class CudaEvent : IDeviceEvent
{
    readonly CudaDevice device;
    readonly Action free;
    readonly CUevent handle;

    /// <param name="flags">Added to blocking waits; without timing the event costs the GPU less.</param>
    public CudaEvent(CudaDevice device, CUEventFlags flags)
    {
        this.device = device;
        device.Errors.Check(Events.cuEventCreate(ref handle, flags | CUEventFlags.BlockingSync));
        CUevent created = handle;
        free = device.Hold(() => Events.cuEventDestroy_v2(created));
    }

    public CUevent Handle => handle;

    public void Record() => device.Errors.Check(Events.cuEventRecord(handle, device.Stream));

    public void Wait() => device.Errors.Check(Events.cuEventSynchronize(handle));

    public void Dispose() => free();
}
