using PtxInterpreter;

namespace Kernels.Tests.Ptx;

/// <summary>Every kernel that ships, over every shape, against its CPU form: the PTX itself is what runs.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public static class KernelCaseTests
{
    /// <summary>
    /// One host thread a case: the cases run side by side. The text for later cards is that for older ones and the waits for the previous
    /// kernel, which are checked with it.
    /// </summary>
    static readonly InterpreterOptions Options = new() { Workers = 1, ComputeCapability = 90 };

    public static IEnumerable<TestCaseData> Cases() => AllCases.All().Select(c => new TestCaseData(c).SetArgDisplayNames(c.ToString()));

    [TestCaseSource(nameof(Cases))]
    public static void KernelEqualsItsCpuForm(KernelCase kernelCase)
    {
        using var device = new InterpretedDevice(options: Options);
        kernelCase.Run(device);
        Assert.That(device.Launches, Is.Not.Empty);
    }
}
