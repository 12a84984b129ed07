using Harness.Kernels.Driver;
using Harness.Tests.Shared;

namespace Kernels.Tests.OnGpu;

/// <summary>Every kernel, and whole small models, on this machine's GPU against their CPU forms.</summary>
[NonParallelizable]
public class GpuKernelTests
{
    const ulong Seeds = 3;
    CudaDevice? device;

    public static IEnumerable<string> Kernels => AllCases.All().Select(one => one.Kernel).Distinct();

    [OneTimeTearDown]
    public void Close() => device?.Dispose();

    [TestCaseSource(nameof(Kernels))]
    public void A_kernel_equals_its_CPU_form(string kernel)
    {
        Gpu.Need();
        RunAll(AllCases.All().Where(one => one.Kernel == kernel));
    }

    [Test]
    public void Kernels_equal_their_CPU_forms_over_random_shapes([Range(1, Seeds)] ulong seed)
    {
        Gpu.Need();
        RunAll(AllCases.Random(seed));
    }

    void RunAll(IEnumerable<KernelCase> cases)
    {
        List<string> wrong = [];
        foreach (KernelCase one in cases)
        {
            device ??= CudaDevice.Open(Gpu.Device);
            try
            {
                one.Run(device);
            }
            catch (Exception failure)
            {
                wrong.Add($"{one}: {failure.Message}");
                device.Dispose();
                device = null;
            }
        }
        Assert.That(wrong, Is.Empty);
    }
}
