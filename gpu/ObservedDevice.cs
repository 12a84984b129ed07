using Harness.Kernels.Driver;

namespace Gpu;

/// <summary>A device whose launches and recordings are looked at on their way; the device itself stays the caller's.</summary>
abstract class ObservedDevice(IKernelDevice inner) : IKernelDevice
{
    protected IKernelDevice Inner => inner;

    public DeviceFacts Facts => inner.Facts;

    public long FreeBytes => inner.FreeBytes;

    public void Prepare(IEnumerable<string> names) => inner.Prepare(names);

    public DeviceBuffer Allocate(long bytes, string purpose) => inner.Allocate(bytes, purpose);

    public void Launch<T>(KernelName kernel, LaunchShape shape, in T parameters) where T : unmanaged
    {
        T copy = parameters;
        Observe($"{kernel}", shape, () => inner.Launch(kernel, shape, copy));
    }

    public void CopyToDevice(DevicePointer to, ReadOnlySpan<byte> from) => inner.CopyToDevice(to, from);

    public void CopyToHost(Span<byte> to, DevicePointer from) => inner.CopyToHost(to, from);

    public void CopyOnDevice(DevicePointer to, DevicePointer from, long bytes) => inner.CopyOnDevice(to, from, bytes);

    public void Fill(DevicePointer to, byte value, long bytes) => inner.Fill(to, value, bytes);

    public virtual IKernelGraph Capture(Action work) => inner.Capture(work);

    public IHostRead CreateHostRead(int bytes) => inner.CreateHostRead(bytes);

    public IDeviceEvent RecordEvent() => inner.RecordEvent();

    public double MillisecondsBetween(IDeviceEvent start, IDeviceEvent end) => inner.MillisecondsBetween(start, end);

    public void Synchronize() => inner.Synchronize();

    public void Dispose()
    {
    }

    /// <param name="launch">Starts the kernel; to be called once at least.</param>
    protected abstract void Observe(string kernel, LaunchShape shape, Action launch);
}
