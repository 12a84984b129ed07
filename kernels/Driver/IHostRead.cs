namespace Harness.Kernels.Driver;

/// <summary>A read of device memory that is under way while the processor works on.</summary>
public interface IHostRead : IDisposable
{
    /// <summary>Queues the copy behind the work started so far.</summary>
    void Begin(DevicePointer from, int bytes);

    /// <summary>Waits, without spinning, for the copy begun last; valid until the next <see cref="Begin"/>.</summary>
    ReadOnlySpan<byte> Wait();
}
