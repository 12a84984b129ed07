using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using PtxInterpreter;
using static Kernels.Tests.Ptx.PlantedFault;

namespace Kernels.Tests.Ptx;

/// <summary>The interpreter as a device: what it refuses, records and counts.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public static class InterpretedDeviceTests
{
    [Test]
    public static void LaunchesThatADriverRefusesAreRefused()
    {
        using InterpretedDevice device = PtxSnippet.Device("");
        var entry = new KernelName("Snippet", "run");
        Assert.Multiple(() =>
        {
            Refused(new KernelName("Snippet", "walk"), new LaunchShape(1, 32), "no such entry");
            Refused(entry, new LaunchShape(1, 1025), "1 to 1024 threads");
            Refused(entry, new LaunchShape(1, 0), "1 to 1024 threads");
            Refused(entry, new LaunchShape(0, 32), "no blocks");
            Refused(entry, new LaunchShape(1, 32, (99 << 10) + 1), "101376");
        });
        KernelFaultException fault = Assert.Throws<KernelFaultException>(() => device.Launch(entry, OneWarp, 1L))!;
        Assert.That(fault.Message, Does.Contain("parameters are 24 bytes, and 8 were given"));
        void Refused(KernelName kernel, LaunchShape shape, string why) =>
            Assert.That(
                () => device.Launch(kernel, shape, new PtxSnippet.Pointers()),
                Throws.TypeOf<KernelFaultException>().With.Message.Contains(why));
    }

    [Test]
    public static void MemoryRunsOut()
    {
        using var device = new InterpretedDevice(totalBytes: 1 << 20);
        using DeviceBuffer first = device.Allocate(1_000_000, "weights");
        HarnessException refusal = Assert.Throws<HarnessException>(() => device.Allocate(100_000, "keys and values"))!;
        Assert.That(refusal.Message, Does.Contain("keys and values").And.Contain("100,000"));
        first.Dispose();
        Assert.That(device.FreeBytes, Is.EqualTo(1 << 20));
        using DeviceBuffer second = device.Allocate(100_000, "keys and values");
        Assert.That(second.Start.Address % 256, Is.Zero);
    }

    [Test]
    public static void CapturedWorkRunsWhenItsGraphIsLaunched()
    {
        using InterpretedDevice device =
            PtxSnippet.Device($"{Places} ld.global.u32 %r9, [%d2]; add.s32 %r9, %r9, 1; st.global.u32 [%d3], %r9;", Tile);
        using var arrays = new DeviceArrays(device);
        DevicePointer from = arrays.Upload(Enumerable.Range(0, 64).ToArray()), to = arrays.Output<int>(64);
        using IKernelGraph graph = device.Capture(() =>
        {
            device.Launch(new KernelName("Snippet", "run"), TwoWarps, new PtxSnippet.Pointers(from, to, to));
            device.CopyOnDevice(from, to, 256);
        });
        Assert.That(device.Launches, Is.Empty);
        graph.Launch();
        graph.Launch();
        Assert.That(arrays.Download<int>(to, 64), Is.EqualTo(Enumerable.Range(2, 64)));
        Assert.That(() => device.Capture(() => arrays.Download<int>(to, 1)), Throws.TypeOf<KernelFaultException>());
    }

    [Test]
    public static void LaunchesAreCounted()
    {
        using InterpretedDevice device = PtxSnippet.Device(
            $"{Places} ld.global.u32 %r9, [%d2]; mov.b32 %f1, %r9; fma.rn.f32 %f1, %f1, %f1, %f1; "
            + "st.shared.f32 [%r5], %f1; bar.sync 0; st.global.f32 [%d3], %f1;", Tile);
        using var arrays = new DeviceArrays(device);
        device.Launch(
            new KernelName("Snippet", "run"),
            new LaunchShape(1, 40),
            new PtxSnippet.Pointers(arrays.Upload(new int[64]), arrays.Output<int>(64), arrays.Output<int>(1)));
        LaunchStatistics counts = device.Launches[0];
        Assert.Multiple(() =>
        {
            Assert.That(counts.LaneInstructions[PtxInterpreter.Execution.InstructionClass.FloatFma], Is.EqualTo(40));
            Assert.That(counts.WarpInstructions[PtxInterpreter.Execution.InstructionClass.FloatFma], Is.EqualTo(2));
            Assert.That(counts.WarpInstructions[PtxInterpreter.Execution.InstructionClass.Barrier], Is.EqualTo(2));
            Assert.That(counts.GlobalBytesRead, Is.EqualTo(160));
            Assert.That(counts.GlobalBytesWritten, Is.EqualTo(160));
            Assert.That(counts.SharedBytesWritten, Is.EqualTo(160));
        });
    }
}
