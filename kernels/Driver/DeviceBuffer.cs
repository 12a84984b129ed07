namespace Harness.Kernels.Driver;

/// <summary>Memory on a device, freed when disposed.</summary>
public sealed class DeviceBuffer(DevicePointer start, long bytes, Action free) : IDisposable
{
    Action? free = free;

    public DevicePointer Start { get; } = start;

    public long Bytes { get; } = bytes;

    public void Dispose()
    {
        free?.Invoke();
        free = null;
    }
}
