using Harness.Kernels.Cpu;

namespace Kernels.Tests.Cpu;

public class FreeMemoryTests
{
    [Test]
    public void Is_positive_and_within_the_process_limit() =>
        Assert.That(FreeMemory.Bytes(), Is.Positive.And.AtMost(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));

    [Test]
    public void Is_what_the_kernel_deems_available() =>
        Assert.That(
            FreeMemory.Available(["MemTotal:       16000000 kB", "MemFree:  5 kB", "MemAvailable:    9000123 kB"]),
            Is.EqualTo(9000123L * 1024));

    [TestCase("MemTotal: 16000000 kB")]
    [TestCase("MemAvailable: much kB")]
    public void Is_unknown_where_the_kernel_does_not_say(string line) => Assert.That(FreeMemory.Available([line]), Is.Zero);
}
