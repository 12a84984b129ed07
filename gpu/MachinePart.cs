using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;

namespace Gpu;

/// <summary>What the proof runs on; a GPU that can't be used is refused here.</summary>
sealed class MachinePart(ProofSettings settings, Checks checks)
{
    public void Run()
    {
        string commit = Path.Combine(settings.Root, "commit");
        if (File.Exists(commit))
            checks.Line($"commit {File.ReadAllText(commit).Trim()}");
        if (settings.IsProcessor)
        {
            checks.Line("on the CPU, to try the bundle: nothing of a GPU is proven");
            return;
        }
        try
        {
            DeviceFacts facts = CudaDevices.Find(settings.Device).Facts;
            checks.Line($"{facts.Name}: compute capability {CudaDevices.ComputeVersion(facts.ComputeCapability)}, {facts.Multiprocessors} "
                + $"multiprocessors, {facts.TotalBytes / (1 << 20):N0} MB; driver for CUDA "
                + $"{CudaDevices.CudaVersion(facts.DriverVersion)}; package ManagedCuda-12 {CudaDevices.PackageVersion}");
        }
        catch (HarnessException absent)
        {
            checks.Refuse($"error {absent.Diagnostic.Code}: {absent.Message}");
        }
    }
}
