using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Kernels.Tests.Driver;

/// <summary>This assembly in the place of the package: it asks for the driver as the package does.</summary>
public sealed class PackageDriverTests
{
    /// <summary>Any library that is there: what matters is that it is the one that was given.</summary>
    const string Given = "libc.so.6";

    [Test]
    public void An_assembly_that_finds_no_driver_is_given_the_one_that_drivers_install()
    {
        if (!OperatingSystem.IsLinux() || NativeLibrary.TryLoad("libcuda.so", out _))
            Assert.Ignore("needs Linux without a link libcuda.so");
        Assert.Throws<DllNotFoundException>(() => ProcessOfDriver());

        PackageDriver.Resolve(typeof(PackageDriverTests).Assembly, Given);

        Assert.That(ProcessOfPackage(), Is.EqualTo(Environment.ProcessId));
        Assert.Throws<DllNotFoundException>(() => ProcessOfStranger());
    }

    [DllImport("libcuda", EntryPoint = "getpid")]
    static extern int ProcessOfDriver();

    [DllImport("nvcuda", EntryPoint = "getpid")]
    static extern int ProcessOfPackage();

    [DllImport("libother", EntryPoint = "getpid")]
    static extern int ProcessOfStranger();
}
