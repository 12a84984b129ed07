namespace Harness.Kernels.Driver;

/// <summary>
/// What the launchers run kernels on: a GPU through its driver, or, in the tests, an interpreter of the same PTX. Launches, copies and
/// fills happen in the order of the calls; a launch may still be running when its call returns.
/// </summary>
public interface IKernelDevice : IDisposable
{
    DeviceFacts Facts { get; }

    /// <summary>Bytes free now.</summary>
    long FreeBytes { get; }

    /// <summary>Begins to make modules ready, beside whatever the program does next: their first launches would wait for that.</summary>
    void Prepare(IEnumerable<string> names);

    /// <summary>Memory whose address is a multiple of 256; its contents are undefined.</summary>
    /// <param name="purpose">What it is for, in the message of a failure: "weights", "keys and values".</param>
    /// <exception cref="Diagnostics.HarnessException">Less is free.</exception>
    DeviceBuffer Allocate(long bytes, string purpose);

    /// <summary>Starts a kernel whose one parameter is the structure <paramref name="parameters"/>, by value.</summary>
    void Launch<T>(KernelName kernel, LaunchShape shape, in T parameters) where T : unmanaged;

    /// <summary>Copies to the device; <paramref name="from"/> may be reused when the call returns.</summary>
    void CopyToDevice(DevicePointer to, ReadOnlySpan<byte> from);

    /// <summary>Waits for all that was started, then copies to the host.</summary>
    void CopyToHost(Span<byte> to, DevicePointer from);

    void CopyOnDevice(DevicePointer to, DevicePointer from, long bytes);

    void Fill(DevicePointer to, byte value, long bytes);

    /// <summary>Records the launches, device copies and fills of <paramref name="work"/> without running them.</summary>
    IKernelGraph Capture(Action work);

    /// <summary>Page-locked host memory that reads of the device can fill while the processor does something else.</summary>
    IHostRead CreateHostRead(int bytes);

    /// <summary>Marks this place in the order of work, for <see cref="MillisecondsBetween"/>.</summary>
    IDeviceEvent RecordEvent();

    /// <summary>Waits for <paramref name="end"/>.</summary>
    double MillisecondsBetween(IDeviceEvent start, IDeviceEvent end);

    /// <summary>Waits for all that was started.</summary>
    void Synchronize();
}

/// <summary>An entry of a PTX module: <paramref name="Module"/> is its source's name without .cu.</summary>
public readonly record struct KernelName(string Module, string Entry)
{
    public override string ToString() => $"{Module}.{Entry}";
}

/// <summary>How many blocks of how many threads, and the dynamic shared memory of each.</summary>
public readonly record struct LaunchShape(int GridX, int GridY, int GridZ, int Threads, int SharedBytes = 0)
{
    public LaunchShape(int blocks, int threads, int sharedBytes = 0)
        : this(blocks, 1, 1, threads, sharedBytes)
    {
    }

    public override string ToString() => $"grid {GridX}x{GridY}x{GridZ}, {Threads} threads, {SharedBytes} bytes shared";
}

/// <summary>An address in device memory; 0 is none. As a kernel's parameter it is a pointer.</summary>
public readonly record struct DevicePointer(ulong Address)
{
    public static DevicePointer operator +(DevicePointer start, long bytes) => new(start.Address + (ulong)bytes);
}

/// <summary>What a device says of itself.</summary>
/// <param name="Name">As the driver gives it: "NVIDIA H100 80GB HBM3".</param>
/// <param name="ComputeCapability">Major * 10 + minor: 90.</param>
/// <param name="Multiprocessors">Streaming multiprocessors.</param>
/// <param name="TotalBytes">Memory in all.</param>
/// <param name="SharedBytesPerBlock">Most dynamic shared memory of a block, opted in.</param>
/// <param name="DriverVersion">CUDA version of the driver, 1000 * major + 10 * minor; 0 of an interpreter.</param>
public sealed record DeviceFacts(
    string Name, int ComputeCapability, int Multiprocessors, long TotalBytes, int SharedBytesPerBlock, int DriverVersion);
