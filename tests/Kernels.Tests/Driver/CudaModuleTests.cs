using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;

namespace Kernels.Tests.Driver;

/// <summary>Modules that are made ready before their first launch, on the fake driver.</summary>
[NonParallelizable]
public sealed class CudaModuleTests
{
    static readonly TimeSpan Long = TimeSpan.FromMinutes(2);
    static readonly KernelName First = new("First", "other");
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

    static CudaDevice Open() => CudaDevice.Open("cuda", CudaDeviceTests.Ptx, synchronous: false);

    [Test]
    public void Modules_are_compiled_side_by_side_while_the_program_goes_on()
    {
        using var begun = new CountdownEvent(2);
        using var mayLoad = new ManualResetEventSlim();
        driver.BeforeLoad = () =>
        {
            begun.Signal();
            mayLoad.Wait();
        };
        using CudaDevice device = Open();
        device.Prepare(["First", "Second"]);
        bool together = begun.Wait(Long);
        using DeviceBuffer buffer = device.Allocate(16, "meanwhile");
        mayLoad.Set();
        device.Launch(First, new LaunchShape(1, 32), 5);
        device.Synchronize();
        Assert.That(together, "one waited for the other");
        Assert.That(driver.Launches, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_module_that_was_prepared_is_not_loaded_again()
    {
        CudaDevice device = Open();
        device.Prepare(["First", "First"]);
        device.Prepare(["First"]);
        device.Launch(First, new LaunchShape(1, 32), 5);
        device.Dispose();
        Assert.That(driver.Modules, Is.EqualTo(new[] { CudaDeviceTests.Ptx("First") }));
    }

    [Test]
    public void A_module_that_is_refused_fails_where_it_is_used()
    {
        driver.Results["cuModuleLoadDataEx"] = 218;
        using CudaDevice device = Open();
        device.Prepare(["First"]);
        HarnessException refused =
            Assert.Throws<HarnessException>(() => device.Launch(First, new LaunchShape(1, 32), 5))!;
        Assert.That(refused.Diagnostic, Is.EqualTo(KernelCodes.KernelRejected));
        Assert.That(refused.Message, Does.Contain("module First can't be loaded"));
    }

    /// <summary>Cards and drivers, and whether kernels start before the one before them has ended.</summary>
    [TestCase("cuda:0", 12080, null, false, TestName = "A card of 8.0 starts each kernel when the one before it has ended")]
    [TestCase("cuda:1", 12080, null, true, TestName = "A card of 9.0 starts each kernel early")]
    [TestCase("cuda:1", 12030, null, true, TestName = "The first driver that records early starts does so")]
    [TestCase("cuda:1", 12020, null, false, TestName = "A driver whose graphs keep no early start does not")]
    [TestCase("cuda:1", 12080, "0", false, TestName = "Early starts can be turned off")]
    public void Kernels_start_early_where_card_and_driver_can(string device, int driverVersion, string? variable, bool early)
    {
        driver.Version = driverVersion;
        Environment.SetEnvironmentVariable(CudaDevice.DependentLaunchVariable, variable);
        try
        {
            using CudaDevice opened = CudaDevice.Open(device, _ => Text, synchronous: false);
            opened.Launch(First, new LaunchShape(2, 3, 4, 64, 128), 5);
            using IKernelGraph graph = opened.Capture(() => opened.Launch(First, new LaunchShape(1, 32), 6));
            graph.Launch();
            opened.Synchronize();
        }
        finally
        {
            Environment.SetEnvironmentVariable(CudaDevice.DependentLaunchVariable, null);
        }
        Assert.That(driver.Launches.Select(launch => launch.Dependent), Is.EqualTo(new[] { early, early }));
        FakeLaunch first = driver.Launches[0];
        Assert.That(first.Grid, Is.EqualTo(new uint[] { 2, 3, 4 }));
        Assert.That((first.Block[0], first.SharedBytes, first.Parameters[0]), Is.EqualTo((64u, 128u, (byte)5)));
        Assert.That(driver.Modules.Single(), Is.EqualTo(early ? PtxLibrary.WithDependentLaunch(Text) : Text));
        Assert.That(driver.Modules.Single(), Does.Contain(early ? "\tgriddepcontrol.wait;" : "//sm_90: griddepcontrol.wait;"));
    }

    static string Text => CudaDeviceTests.Ptx("First").Replace("{ ret; }", "{\n\t//sm_90: griddepcontrol.wait;\n\tret; }");

    [Test]
    public void Disposal_waits_for_what_is_being_compiled()
    {
        using var begun = new ManualResetEventSlim();
        using var mayLoad = new ManualResetEventSlim();
        driver.BeforeLoad = () =>
        {
            begun.Set();
            mayLoad.Wait();
        };
        CudaDevice device = Open();
        device.Prepare(["First"]);
        Assert.That(begun.Wait(Long));
        Task disposal = Task.Run(device.Dispose);
        mayLoad.Set();
        Assert.That(disposal.Wait(Long));
        Assert.That(driver.CallsOf("cuModuleUnload").Count(), Is.EqualTo(1));
    }
}
