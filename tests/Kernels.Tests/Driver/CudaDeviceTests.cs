using System.Runtime.InteropServices;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;

namespace Kernels.Tests.Driver;

/// <summary><see cref="CudaDevice"/> on the fake driver: what it asks of a driver, in which order, with which bytes.</summary>
[NonParallelizable]
public sealed class CudaDeviceTests
{
    static readonly KernelName Add = new("Numbers", "add");
    static readonly KernelName Other = new("Numbers", "other");
    FakeDriver driver = null!;

    [StructLayout(LayoutKind.Sequential)]
    struct AddParameters
    {
        public DevicePointer To;
        public float Scale;
        public int Count;
        public int Value;
        public int Unused;
    }

    internal static string Ptx(string module) => $$"""
        //
        .version 7.5
        .target sm_80
        .visible .entry add(.param .align 8 .b8 add_param_0[{{Marshal.SizeOf<AddParameters>()}}]) { ret; } // {{module}}
        .visible .entry other(.param .align 4 .b8 other_param_0[4]) { ret; }
        """;

    [OneTimeSetUp]
    public void Needs_the_stand_in() => FakeDriver.RequireStandIn();

    [SetUp]
    public void Start()
    {
        driver = new FakeDriver();
        driver.Kernels["add"] = AddOnDevice;
    }

    [TearDown]
    public void Nothing_was_left_or_misused()
    {
        driver.Dispose();
        Assert.That(driver.Problems, Is.Empty);
        Assert.That(driver.Live, Is.Empty);
    }

    /// <summary>The kernel add: value to each of count integers.</summary>
    static unsafe void AddOnDevice(FakeLaunch launch)
    {
        AddParameters parameters = MemoryMarshal.Read<AddParameters>(launch.Parameters);
        foreach (ref int number in new Span<int>((void*)parameters.To.Address, parameters.Count))
            number += parameters.Value;
    }

    static CudaDevice Open(string device = "cuda", bool synchronous = false) => CudaDevice.Open(device, Ptx, synchronous);

    static void AddTo(CudaDevice device, DeviceBuffer numbers, int value) =>
        device.Launch(Add, new LaunchShape(1, 32), new AddParameters { To = numbers.Start, Count = (int)numbers.Bytes / 4, Value = value });

    static int[] Read(CudaDevice device, DeviceBuffer numbers)
    {
        int[] read = new int[numbers.Bytes / 4];
        device.CopyToHost(MemoryMarshal.AsBytes(read.AsSpan()), numbers.Start);
        return read;
    }

    static DeviceBuffer Zeros(CudaDevice device, int count)
    {
        DeviceBuffer buffer = device.Allocate(4 * count, "numbers");
        device.Fill(buffer.Start, 0, buffer.Bytes);
        return buffer;
    }

    [Test]
    public void Opening_takes_the_primary_context_with_waits_that_sleep_and_a_stream_of_its_own()
    {
        using CudaDevice device = Open();
        Assert.That(driver.Calls.Where(call => !call.StartsWith("cuDeviceGet") && !call.StartsWith("cuDeviceTotal")), Is.EqualTo(new[]
        {
            "cuInit(0)", "cuDriverGetVersion()", "cuDevicePrimaryCtxSetFlags_v2(40, 4)", "cuDevicePrimaryCtxRetain(40)",
            "cuCtxSetCurrent(context 40)", "cuStreamCreate(1)",
        }));
    }

    [Test]
    public void Facts_are_those_of_the_GPU_that_Device_names()
    {
        using CudaDevice device = Open("cuda:1");
        Assert.That(device.Facts, Is.EqualTo(new DeviceFacts("Fake H100", 90, 132, 1 << 27, 232448, 12080)));
        Assert.That((device.Description.Ordinal, device.Description.PciBusId), Is.EqualTo((1, "0000:CA:00.0")));
        Assert.That(driver.Calls, Does.Contain("cuDevicePrimaryCtxRetain(41)"));
    }

    [Test]
    public void Every_GPU_is_listed() =>
        Assert.That(
            CudaDevices.List().Select(gpu => (gpu.Ordinal, gpu.Facts.Name)), Is.EqualTo(new[] { (0, "Fake A100"), (1, "Fake H100") }));

    [Test]
    public void A_launch_hands_over_the_structure_bit_for_bit_and_the_shape()
    {
        using CudaDevice device = Open();
        AddParameters parameters =
            new() { To = new(0x1122334455667788), Scale = -0f, Count = 0, Value = int.MinValue, Unused = 0x0BADF00D };
        device.Launch(Add, new LaunchShape(7, 5, 3, 96, 1024), parameters);
        device.Synchronize();
        FakeLaunch launch = driver.Launches.Single();
        Assert.That(launch.Parameters, Is.EqualTo(MemoryMarshal.AsBytes(new Span<AddParameters>(ref parameters)).ToArray()));
        Assert.That((launch.Entry, launch.SharedBytes), Is.EqualTo(("add", 1024u)));
        Assert.That(launch.Grid, Is.EqualTo(new uint[] { 7, 5, 3 }));
        Assert.That(launch.Block, Is.EqualTo(new uint[] { 96, 1, 1 }));
    }

    [Test]
    public void A_launch_is_not_waited_for()
    {
        using CudaDevice device = Open();
        device.Launch(Other, new LaunchShape(1, 32), 5);
        Assert.That(driver.Launches, Is.Empty);
        device.Synchronize();
        Assert.That(driver.Launches, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_module_is_loaded_when_first_used_and_once()
    {
        using CudaDevice device = Open();
        Assert.That(driver.Modules, Is.Empty);
        device.Launch(Add, new LaunchShape(1, 32), new AddParameters());
        device.Launch(Other, new LaunchShape(1, 32), 5);
        device.Launch(Other, new LaunchShape(2, 64), 5);
        Assert.That(driver.Modules, Is.EqualTo(new[] { Ptx("Numbers") }));
        Assert.That(driver.CallsOf("cuModuleGetFunction"), Is.EqualTo(new[] { "cuModuleGetFunction(add)", "cuModuleGetFunction(other)" }));
    }

    [Test]
    public void Shared_memory_is_asked_for_once_and_when_more_is_needed()
    {
        using CudaDevice device = Open();
        foreach (int bytes in new[] { 0, 49152, 100000, 100000, 90000, 166912 })
            device.Launch(Other, new LaunchShape(1, 32, bytes), 5);
        string[] expected = [.. new[] { 49152, 100000, 166912 }.Select(bytes => $"cuFuncSetAttribute(other, 8, {bytes})")];
        Assert.That(driver.CallsOf("cuFuncSetAttribute"), Is.EqualTo(expected));
    }

    [Test]
    public void More_shared_memory_than_the_GPU_has_is_refused_by_name()
    {
        using CudaDevice device = Open();
        var refused = Assert.Throws<HarnessException>(() => device.Launch(Other, new LaunchShape(1, 32, 166913), 5))!;
        Assert.That(refused.Diagnostic, Is.EqualTo(KernelCodes.KernelLaunch));
        Assert.That(
            refused.Message,
            Does.Contain("Numbers.other").And.Contains("166913 bytes shared").And.Contains("166912").And.Contains("Fake A100"));
        Assert.That(driver.CallsOf("cuLaunchKernel"), Is.Empty);
    }

    [TestCase(0), TestCase(1), TestCase(17), TestCase(CudaStaging.PartBytes), TestCase(6 * CudaStaging.PartBytes + 3)]
    public void A_source_may_be_reused_when_its_copy_returns(int bytes)
    {
        using CudaDevice device = Open();
        using DeviceBuffer first = device.Allocate(bytes, "bytes"), second = device.Allocate(3, "bytes");
        byte[] source = new byte[bytes], read = new byte[bytes], three = [7, 8, 9];
        new Random(1).NextBytes(source);
        byte[] expected = [.. source];
        device.CopyToDevice(first.Start, source);
        device.CopyToDevice(second.Start, three);
        Array.Clear(source);
        Array.Clear(three);
        device.CopyToHost(read, first.Start);
        device.CopyToHost(three, second.Start);
        Assert.That(read, Is.EqualTo(expected));
        Assert.That(three, Is.EqualTo(new byte[] { 7, 8, 9 }));
    }

    [Test]
    public void Small_copies_to_the_device_do_not_wait()
    {
        using CudaDevice device = Open();
        using DeviceBuffer buffer = device.Allocate(1024, "bytes");
        for (int turn = 0; turn < 100; turn++)
            device.CopyToDevice(buffer.Start, new byte[1024]);
        Assert.That(driver.Calls.Where(call => call.Contains("Synchronize")), Is.Empty);
    }

    [Test]
    public void Work_is_done_in_the_order_of_the_calls()
    {
        using CudaDevice device = Open();
        using DeviceBuffer numbers = device.Allocate(12, "numbers"), copy = device.Allocate(8, "copy");
        device.Fill(numbers.Start, 1, 12);
        AddTo(device, numbers, 1);
        device.CopyOnDevice(copy.Start, numbers.Start + 4, 8);
        AddTo(device, numbers, 1);
        device.Fill(numbers.Start + 8, 0, 4);
        Assert.That(Read(device, numbers), Is.EqualTo(new[] { 0x01010103, 0x01010103, 0 }));
        Assert.That(Read(device, copy), Is.EqualTo(new[] { 0x01010102, 0x01010102 }));
    }

    [Test]
    public void A_host_read_has_the_bytes_of_its_place_in_the_order()
    {
        using CudaDevice device = Open();
        using DeviceBuffer numbers = Zeros(device, 2);
        using IHostRead read = device.CreateHostRead(8);
        AddTo(device, numbers, 5);
        read.Begin(numbers.Start, 4);
        AddTo(device, numbers, 1);
        Assert.That(driver.Launches, Is.Empty);
        Assert.That(MemoryMarshal.Cast<byte, int>(read.Wait()).ToArray(), Is.EqualTo(new[] { 5 }));
        Assert.That(driver.Launches, Has.Count.EqualTo(1), "the later launch was waited for");
        read.Begin(numbers.Start, 8);
        Assert.That(MemoryMarshal.Cast<byte, int>(read.Wait()).ToArray(), Is.EqualTo(new[] { 6, 6 }));
    }

    [Test]
    public void A_host_read_waits_asleep_in_page_locked_memory()
    {
        using CudaDevice device = Open();
        using IHostRead read = device.CreateHostRead(100);
        Assert.That(driver.Calls.TakeLast(2), Is.EqualTo(new[] { "cuMemHostAlloc(100, 0)", "cuEventCreate(3)" }));
        Assert.Throws<ArgumentOutOfRangeException>(() => read.Begin(default, 101));
    }

    [Test]
    public void Time_between_places_is_the_GPUs()
    {
        using CudaDevice device = Open();
        using IDeviceEvent start = device.RecordEvent();
        device.Launch(Other, new LaunchShape(1, 32), 5);
        device.Launch(Other, new LaunchShape(1, 32), 5);
        using IDeviceEvent end = device.RecordEvent();
        device.Launch(Other, new LaunchShape(1, 32), 5);
        Assert.That(device.MillisecondsBetween(start, end), Is.EqualTo(3));
        Assert.That(driver.Launches, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_graph_runs_what_was_recorded_each_time_it_is_launched()
    {
        using CudaDevice device = Open();
        using DeviceBuffer numbers = Zeros(device, 2), copy = Zeros(device, 2);
        AddParameters parameters = new() { To = numbers.Start, Count = 2, Value = 3 };
        using IKernelGraph graph = device.Capture(() =>
        {
            device.Launch(Add, new LaunchShape(1, 32), parameters);
            device.CopyOnDevice(copy.Start, numbers.Start, 8);
            device.Fill(numbers.Start + 4, 0, 4);
        });
        parameters.Value = 1000;
        Assert.That(Read(device, numbers), Is.EqualTo(new[] { 0, 0 }), "recording ran it");
        graph.Launch();
        AddTo(device, numbers, 10);
        graph.Launch();
        Assert.That(Read(device, numbers), Is.EqualTo(new[] { 16, 0 }));
        Assert.That(Read(device, copy), Is.EqualTo(new[] { 16, 13 }));
    }

    [Test]
    public void Modules_are_loaded_before_a_capture_begins()
    {
        using CudaDevice device = Open();
        int before = driver.Calls.Count;
        using IKernelGraph graph = device.Capture(() => device.Launch(Other, new LaunchShape(1, 32, 60000), 5));
        Assert.That(driver.Calls.Skip(before), Is.EqualTo(new[]
        {
            "cuModuleLoadDataEx()", "cuModuleGetFunction(other)", "cuFuncSetAttribute(other, 8, 60000)",
            "cuStreamBeginCapture_v2(1)", "cuLaunchKernel(other)", "cuStreamEndCapture()", "cuGraphInstantiateWithFlags(0)",
            "cuGraphDestroy()",
        }));
    }

    [Test]
    public void Calls_that_a_graph_cannot_hold_are_refused_and_the_device_works_on()
    {
        using CudaDevice device = Open();
        using DeviceBuffer numbers = Zeros(device, 1);
        Action[] refused =
        [
            device.Synchronize, () => device.CopyToDevice(numbers.Start, new byte[4]), () => device.CopyToHost(new byte[4], numbers.Start),
            () => device.Allocate(4, "x"),
            () => device.RecordEvent(), () => device.CreateHostRead(4), () => device.Capture(() => { }), () => _ = device.FreeBytes,
        ];
        foreach (Action call in refused)
            Assert.Throws<InvalidOperationException>(() => device.Capture(call));
        AddTo(device, numbers, 4);
        Assert.That(Read(device, numbers), Is.EqualTo(new[] { 4 }));
    }

    [Test]
    public void A_capture_that_fails_is_closed_and_the_device_works_on()
    {
        using CudaDevice device = Open();
        using DeviceBuffer numbers = Zeros(device, 1);
        var failed = Assert.Throws<HarnessException>(() => device.Capture(() => device.Launch(Other, new LaunchShape(0, 32), 5)))!;
        Assert.That(failed.Diagnostic, Is.EqualTo(KernelCodes.KernelLaunch));
        Assert.That(driver.Calls.TakeLast(2), Is.EqualTo(new[] { "cuStreamEndCapture()", "cuGraphDestroy()" }));
        AddTo(device, numbers, 4);
        Assert.That(Read(device, numbers), Is.EqualTo(new[] { 4 }));
    }

    [Test]
    public void Free_memory_is_what_the_driver_says()
    {
        using CudaDevice device = Open();
        using DeviceBuffer buffer = device.Allocate(1 << 20, "weights");
        Assert.That(device.FreeBytes, Is.EqualTo((1 << 26) - (1 << 20)));
        buffer.Dispose();
        Assert.That(device.FreeBytes, Is.EqualTo(1 << 26));
    }

    [Test]
    public void Another_thread_takes_the_context_once()
    {
        using CudaDevice device = Open();
        int before = driver.CallsOf("cuCtxSetCurrent").Count();
        Thread thread = new(() =>
        {
            device.Launch(Other, new LaunchShape(1, 32), 5);
            device.Synchronize();
        });
        thread.Start();
        thread.Join();
        device.Launch(Other, new LaunchShape(1, 32), 5);
        Assert.That(driver.CallsOf("cuCtxSetCurrent").Count() - before, Is.EqualTo(1));
        Assert.That(driver.Calls.IndexOf("cuModuleLoadDataEx()"), Is.GreaterThan(driver.Calls.LastIndexOf("cuCtxSetCurrent(context 40)")));
    }

    [Test]
    public void Disposal_frees_what_its_user_did_not_then_the_context()
    {
        CudaDevice device = Open();
        DeviceBuffer buffer = Zeros(device, 4), freed = Zeros(device, 4);
        device.CopyToDevice(buffer.Start, new byte[16]);
        IHostRead read = device.CreateHostRead(4);
        IDeviceEvent place = device.RecordEvent();
        IKernelGraph graph = device.Capture(() => AddTo(device, buffer, 1));
        graph.Launch();
        freed.Dispose();
        device.Dispose();
        Assert.That(driver.Live, Is.Empty);
        Assert.That(driver.Calls[^1], Is.EqualTo("cuDevicePrimaryCtxRelease_v2()"));
        foreach (IDisposable late in new IDisposable[] { buffer, freed, read, place, graph, device })
            late.Dispose();
        Assert.Throws<ObjectDisposedException>(device.Synchronize);
    }

    [Test]
    public void A_device_that_cannot_be_opened_to_the_end_leaves_nothing()
    {
        driver.Results["cuStreamCreate"] = 999;
        var failed = Assert.Throws<HarnessException>(() => Open())!;
        Assert.That(failed.Diagnostic, Is.EqualTo(KernelCodes.CudaCall));
        Assert.That(failed.Message, Does.Contain("cuStreamCreate returned 999"));
        Assert.That(driver.Live, Is.Empty);
    }

    [Test]
    public void A_context_that_the_process_has_already_is_taken_with_its_flags()
    {
        driver.Results["cuDevicePrimaryCtxSetFlags_v2"] = 708;
        using CudaDevice device = Open();
        device.Synchronize();
    }
}
