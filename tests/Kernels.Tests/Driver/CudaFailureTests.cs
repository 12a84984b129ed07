using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;

namespace Kernels.Tests.Driver;

/// <summary>Each way in which a driver fails, and what a user is told of it.</summary>
[NonParallelizable]
public sealed class CudaFailureTests
{
    static readonly KernelName Kernel = new("Numbers", "other");
    static readonly KernelName Next = new("Numbers", "add");
    FakeDriver driver = null!;

    [OneTimeSetUp]
    public void Needs_the_stand_in() => FakeDriver.RequireStandIn();

    [SetUp]
    public void Start() => driver = new FakeDriver();

    [TearDown]
    public void Nothing_was_left_or_misused()
    {
        driver.Dispose();
        Assert.That(driver.Problems, Is.Empty);
        Assert.That(driver.Live, Is.Empty);
    }

    static CudaDevice Open(bool synchronous = false) => CudaDevice.Open("cuda", CudaDeviceTests.Ptx, synchronous);

    static HarnessException Failure(Action call) => Assert.Throws<HarnessException>(call)!;

    static void AssertTells(HarnessException failure, Diagnostic code, params string[] parts)
    {
        Assert.That(failure.Diagnostic, Is.EqualTo(code), failure.Message);
        foreach (string part in (string[])[.. parts, code.Cure])
            Assert.That(failure.Message, Does.Contain(part));
        Assert.That(failure.Message, Does.Not.Contain("\n"));
    }

    [Test]
    public void No_driver()
    {
        driver.Absent = true;
        AssertTells(
            Failure(() => Open()),
            KernelCodes.NoCuda,
            OperatingSystem.IsWindows() ? "nvcuda.dll is not there" : "no CUDA driver: libcuda.so.1 is not there");
    }

    [Test]
    public void No_GPU()
    {
        driver.Gpus.Clear();
        AssertTells(
            Failure(() => Open()),
            KernelCodes.NoCuda,
            "cuInit returned 100 (CUDA_ERROR_NO_DEVICE): no CUDA-capable device is detected",
            "nvidia-smi",
            "--gpus all");
    }

    [Test]
    public void All_GPUs_hidden()
    {
        driver.Gpus.Clear();
        driver.Results["cuInit"] = 0;
        AssertTells(Failure(() => Open()), KernelCodes.NoCuda, "lists no device", "CUDA_VISIBLE_DEVICES");
    }

    [TestCase(803, "restart the machine")]
    [TestCase(34, "LD_LIBRARY_PATH")]
    [TestCase(999, "cuInit returned 999")]
    [TestCase(999, "nvidia-modprobe")]
    public void Driver_that_can_not_start(int result, string told)
    {
        driver.Results["cuInit"] = result;
        AssertTells(Failure(() => Open()), KernelCodes.NoCuda, told);
    }

    [TestCase("cuda:2", "this machine has 2 GPUs, cuda:0 to cuda:1")]
    [TestCase("cuda:x", "device 'cuda:x'")]
    [TestCase("cuda:-1", "device 'cuda:-1'")]
    [TestCase("gpu", "device 'gpu'")]
    public void GPU_that_is_not_there(string device, string told)
    {
        HarnessException failure = Failure(() => CudaDevice.Open(device));
        Assert.That(failure.Diagnostic, Is.EqualTo(KernelCodes.BadPlacement));
        Assert.That(failure.Message, Does.Contain(told));
    }

    [Test]
    public void GPU_too_old()
    {
        driver.Gpus[0] = driver.Gpus[0] with { Name = "Old", Major = 7, Minor = 5 };
        AssertTells(Failure(() => Open()), KernelCodes.CudaDeviceTooOld, "Old has compute capability 7.5");
        Assert.That(driver.CallsOf("cuDevicePrimaryCtxRetain"), Is.Empty);
    }

    [Test]
    public void Driver_too_old_for_any_of_it()
    {
        driver.Version = 11040;
        AssertTells(Failure(() => Open()), KernelCodes.CudaDriverTooOld, "the driver offers CUDA 11.4, and the kernels need 11.5");
        Assert.That(driver.CallsOf("cuDevicePrimaryCtxRetain"), Is.Empty);
    }

    [TestCase(222, "", "CUDA_ERROR_UNSUPPORTED_PTX_VERSION")]
    [TestCase(
        218,
        "ptxas application ptx input, line 2; fatal   : Unsupported .version 7.5; current version is '7.2'",
        "Unsupported .version 7.5")]
    public void Driver_too_old_for_the_PTX(int result, string log, string told)
    {
        driver.Version = 11060;
        driver.Results["cuModuleLoadDataEx"] = result;
        driver.Logs = (log, "");
        using CudaDevice device = Open();
        AssertTells(
            Failure(() => device.Launch(Kernel, new LaunchShape(1, 32), 1)),
            KernelCodes.CudaDriverTooOld,
            "CUDA 11.6",
            "module Numbers, PTX 7.5",
            told);
    }

    [Test]
    public void PTX_that_the_driver_refuses_comes_with_its_log()
    {
        driver.Results["cuModuleLoadDataEx"] = 218;
        driver.Logs = ("ptxas fatal : syntax error\nline 5", "info : 0 bytes gmem");
        using CudaDevice device = Open();
        AssertTells(Failure(() => device.Launch(Kernel, new LaunchShape(1, 32), 1)), KernelCodes.KernelRejected,
            "module Numbers can't be loaded on Fake A100: cuModuleLoadDataEx returned 218 (CUDA_ERROR_INVALID_PTX): a PTX JIT compilation "
            + "failed",
            "the driver's log: ptxas fatal : syntax error; line 5; info : 0 bytes gmem");
    }

    [Test]
    public void Kernel_that_its_module_lacks()
    {
        using CudaDevice device = Open();
        AssertTells(
            Failure(() => device.Launch(new("Numbers", "none"), new LaunchShape(1, 32), 1)),
            KernelCodes.KernelRejected,
            "kernel Numbers.none",
            "CUDA_ERROR_NOT_FOUND");
    }

    [Test]
    public void Too_little_memory_says_what_was_asked_for_what_and_what_is_free()
    {
        using CudaDevice device = Open();
        using DeviceBuffer weights = device.Allocate(60_000_000, "weights");
        AssertTells(Failure(() => device.Allocate(10_000_000, "keys and values")), KernelCodes.DeviceMemory,
            "no 10,000,000 bytes for keys and values on Fake A100, which has 7,108,864 free of 67,108,864",
            "cuMemAlloc_v2 returned 2 (CUDA_ERROR_OUT_OF_MEMORY)");
    }

    [Test]
    public void Too_little_memory_to_load_a_module()
    {
        driver.Results["cuModuleLoadDataEx"] = 2;
        using CudaDevice device = Open();
        AssertTells(Failure(() => device.Launch(Kernel, new LaunchShape(1, 32), 1)), KernelCodes.DeviceMemory, "module Numbers");
    }

    [Test]
    public void Page_locked_memory_that_the_system_refuses()
    {
        driver.Results["cuMemHostAlloc"] = 2;
        using CudaDevice device = Open();
        AssertTells(
            Failure(() => device.CreateHostRead(1234)),
            KernelCodes.DeviceMemory,
            "no 1,234 bytes of page-locked host memory",
            "cuMemHostAlloc returned 2");
    }

    [Test]
    public void Launch_that_the_driver_refuses_names_the_kernel_and_its_shape()
    {
        using CudaDevice device = Open();
        AssertTells(Failure(() => device.Launch(Kernel, new LaunchShape(0, 1, 1, 32), 1)), KernelCodes.KernelLaunch,
            "kernel Numbers.other (grid 0x1x1, 32 threads, 0 bytes shared) could not be started: cuLaunchKernel returned 1 "
            + "(CUDA_ERROR_INVALID_VALUE): invalid argument");
        driver.Results["cuLaunchKernel"] = 701;
        AssertTells(
            Failure(() => device.Launch(Kernel, new LaunchShape(1, 1024), 1)),
            KernelCodes.KernelLaunch,
            "1024 threads",
            "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES");
    }

    [Test]
    public void A_fault_names_the_call_that_found_it_the_last_kernel_and_how_to_find_the_right_one()
    {
        using CudaDevice device = Open();
        driver.Faults["other"] = 700;
        device.Launch(Kernel, new LaunchShape(3, 32), 1);
        device.Launch(Next, new LaunchShape(2, 64), new DevicePointer(1));
        AssertTells(Failure(device.Synchronize), KernelCodes.KernelFault,
            "cuStreamSynchronize returned 700 (CUDA_ERROR_ILLEGAL_ADDRESS): an illegal memory access was encountered",
            "the kernel that failed is Numbers.add (grid 2x1x1, 64 threads, 0 bytes shared), started last, or one before it",
            "HARNESS_CUDA_SYNC=1");
        AssertTells(Failure(() => device.Allocate(4, "x")), KernelCodes.KernelFault, "cuMemAlloc_v2 returned 700");
        AssertTells(
            Failure(() => device.Launch(Kernel, new LaunchShape(1, 32), 1)), KernelCodes.KernelFault, "cuLaunchKernel returned 700");
    }

    [Test]
    public void A_fault_is_found_by_whatever_waits()
    {
        Dictionary<string, Action<CudaDevice, IHostRead>> waits = new()
        {
            ["cuEventSynchronize"] = (device, read) =>
            {
                read.Begin(new(0), 0);
                read.Wait();
            },
            ["cuStreamSynchronize"] = (device, _) => device.CopyToHost(new byte[4], default),
        };
        foreach ((string call, Action<CudaDevice, IHostRead> wait) in waits)
        {
            driver.Dispose();
            driver = new FakeDriver();
            driver.Faults["other"] = 716;
            using CudaDevice device = Open();
            using IHostRead read = device.CreateHostRead(4);
            device.Launch(Kernel, new LaunchShape(3, 32), 1);
            AssertTells(
                Failure(() => wait(device, read)),
                KernelCodes.KernelFault,
                $"{call} returned 716 (CUDA_ERROR_MISALIGNED_ADDRESS)",
                "Numbers.other (grid 3x1x1");
        }
    }

    [Test]
    public void With_each_launch_waited_for_the_kernel_at_fault_is_named()
    {
        using CudaDevice device = Open(synchronous: true);
        driver.Faults["other"] = 700;
        device.Launch(Next, new LaunchShape(2, 64), new DevicePointer(1));
        Assert.That(driver.Launches, Has.Count.EqualTo(1));
        HarnessException failure = Failure(() => device.Launch(Kernel, new LaunchShape(3, 32), 1));
        AssertTells(
            failure,
            KernelCodes.KernelFault,
            "kernel Numbers.other (grid 3x1x1, 32 threads, 0 bytes shared) failed: cuStreamSynchronize returned 700");
        Assert.That(failure.Message, Does.Not.Contain("or one before it"));
    }

    [Test]
    public void With_each_launch_waited_for_a_graph_names_the_kernel_at_fault_too()
    {
        using CudaDevice device = Open(synchronous: true);
        using IKernelGraph graph = device.Capture(() =>
        {
            device.Launch(Next, new LaunchShape(2, 64), new DevicePointer(1));
            device.Launch(Kernel, new LaunchShape(3, 32), 1);
            device.Launch(Next, new LaunchShape(4, 64), new DevicePointer(1));
        });
        Assert.That(driver.Launches, Is.Empty);
        driver.Faults["other"] = 700;
        AssertTells(Failure(graph.Launch), KernelCodes.KernelFault, "kernel Numbers.other (grid 3x1x1, 32 threads, 0 bytes shared) failed");
        Assert.That(driver.CallsOf("cuGraphLaunch"), Is.Empty);
    }

    [TestCase(null, false), TestCase("", false), TestCase("0", false), TestCase("1", true)]
    public void Waiting_for_each_launch_is_chosen_by_the_environment(string? value, bool waited)
    {
        string? before = Environment.GetEnvironmentVariable("HARNESS_CUDA_SYNC");
        Environment.SetEnvironmentVariable("HARNESS_CUDA_SYNC", value);
        try
        {
            using CudaDevice device = CudaDevice.Open();
            device.Fill(default, 0, 0);
            Assert.That(driver.CallsOf("cuStreamSynchronize").Any(), Is.EqualTo(waited));
        }
        finally
        {
            Environment.SetEnvironmentVariable("HARNESS_CUDA_SYNC", before);
        }
    }

    [Test]
    public void A_fault_in_a_graph_names_the_graphs_last_kernel()
    {
        using CudaDevice device = Open();
        using IKernelGraph graph = device.Capture(() => device.Launch(Kernel, new LaunchShape(3, 32), 1));
        device.Launch(Next, new LaunchShape(2, 64), new DevicePointer(1));
        driver.Faults["other"] = 700;
        graph.Launch();
        AssertTells(
            Failure(device.Synchronize), KernelCodes.KernelFault, "Numbers.other (grid 3x1x1, 32 threads, 0 bytes shared), started last");
    }

    static readonly object[] ResultsOfAWait =
    [
        new object[] { 2, KernelCodes.DeviceMemory }, new object[] { 4, KernelCodes.DeviceLost },
        new object[] { 46, KernelCodes.DeviceLost }, new object[] { 214, KernelCodes.DeviceLost },
        new object[] { 220, KernelCodes.DeviceLost }, new object[] { 226, KernelCodes.DeviceLost },
        new object[] { 709, KernelCodes.DeviceLost }, new object[] { 802, KernelCodes.DeviceLost },
        new object[] { 805, KernelCodes.DeviceLost }, new object[] { 810, KernelCodes.DeviceLost },
        new object[] { 911, KernelCodes.DeviceLost },
        new object[] { 700, KernelCodes.KernelFault }, new object[] { 702, KernelCodes.KernelFault },
        new object[] { 710, KernelCodes.KernelFault }, new object[] { 714, KernelCodes.KernelFault },
        new object[] { 715, KernelCodes.KernelFault }, new object[] { 716, KernelCodes.KernelFault },
        new object[] { 717, KernelCodes.KernelFault }, new object[] { 718, KernelCodes.KernelFault },
        new object[] { 719, KernelCodes.KernelFault }, new object[] { 701, KernelCodes.KernelLaunch },
        new object[] { 209, KernelCodes.KernelRejected }, new object[] { 221, KernelCodes.KernelRejected },
        new object[] { 804, KernelCodes.NoCuda }, new object[] { 1, KernelCodes.CudaCall }, new object[] { 400, KernelCodes.CudaCall },
        new object[] { 811, KernelCodes.CudaCall }, new object[] { 999, KernelCodes.CudaCall },
    ];

    [TestCaseSource(nameof(ResultsOfAWait))]
    public void Every_result_is_told_with_its_number(int result, Diagnostic code)
    {
        using CudaDevice device = Open();
        driver.Results["cuStreamSynchronize"] = result;
        AssertTells(Failure(device.Synchronize), code, $"cuStreamSynchronize returned {result} (");
    }

    [Test]
    public void What_was_opened_is_released_after_a_fault()
    {
        CudaDevice device = Open();
        DeviceBuffer buffer = device.Allocate(16, "x");
        using IHostRead read = device.CreateHostRead(4);
        driver.Faults["other"] = 700;
        device.Launch(Kernel, new LaunchShape(3, 32), 1);
        Assert.Throws<HarnessException>(device.Synchronize);
        device.Dispose();
        buffer.Dispose();
        Assert.That(driver.Live, Is.Empty);
    }
}
