namespace Harness.Kernels.Driver;

/// <summary>Recorded work; each launch runs it once, in the order of the device's other work.</summary>
public interface IKernelGraph : IDisposable
{
    void Launch();
}
