using Harness.Kernels.Decoding.Device;
using Harness.Kernels.Driver;

namespace Gpu;

/// <summary>The driver's own work, before any kernel's is looked at: memory, copies, fills, recorded work, reads and events.</summary>
sealed class DriverPart(ProofSettings settings, Checks checks)
{
    /// <summary>More than what a copy to the device is gathered in.</summary>
    const int Bytes = 100_000;

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public void Run() => checks.Check("memory, copies, recorded work and events", Limit, () =>
    {
        using CudaDevice device = CudaDevice.Open(settings.Device);
        Copy(device);
        Record(device);
        if (device.FreeBytes <= 0)
            throw new CheckFailedException($"{device.FreeBytes} bytes are free");
    });

    static void Copy(CudaDevice device)
    {
        byte[] sent = [.. Enumerable.Range(0, Bytes).Select(i => (byte)(i * 31 / 7))];
        using DeviceBuffer first = device.Allocate(Bytes, "a trial"), second = device.Allocate(Bytes, "a trial");
        device.CopyToDevice(first.Start, sent);
        device.Fill(second.Start, 7, Bytes);
        device.CopyOnDevice(second.Start + 1000, first.Start + 2000, 3000);
        var back = new byte[Bytes];
        device.CopyToHost(back, second.Start);
        byte[] expected = new byte[Bytes];
        Array.Fill(expected, (byte)7);
        sent.AsSpan(2000, 3000).CopyTo(expected.AsSpan(1000));
        MustBe(expected, back, "copied and filled bytes");
    }

    /// <summary>A kernel with nothing to do, beside a fill and a copy, launched and recorded.</summary>
    static void Record(CudaDevice device)
    {
        using DeviceBuffer first = device.Allocate(256, "a trial"), second = device.Allocate(256, "a trial");
        using IHostRead read = device.CreateHostRead(256);
        void Work()
        {
            device.Launch(new KernelName("Decoding", "decode_begin"), new LaunchShape(1, 32, sharedBytes: 1024),
                new DecodeBeginParameters());
            device.Fill(first.Start, 3, 256);
            device.CopyOnDevice(second.Start, first.Start, 256);
        }
        Work();
        using IKernelGraph graph = device.Capture(Work);
        device.Fill(second.Start, 0, 256);
        using IDeviceEvent start = device.RecordEvent();
        graph.Launch();
        graph.Launch();
        using IDeviceEvent end = device.RecordEvent();
        if (device.MillisecondsBetween(start, end) is not (>= 0 and < 1000))
            throw new CheckFailedException("two launches of a graph took no time, or more than a second");
        device.Synchronize();
        read.Begin(second.Start, 256);
        MustBe([.. Enumerable.Repeat((byte)3, 256)], read.Wait(), "bytes that recorded work filled and copied");
    }

    static void MustBe(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string what)
    {
        int differs = expected.CommonPrefixLength(actual);
        if (differs < expected.Length)
            throw new CheckFailedException($"{what}: byte {differs} of {expected.Length} is wrong");
    }
}
