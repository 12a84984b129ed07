using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Decoding.Device;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;

namespace Harness.Kernels;

/// <summary>Loads models where their placement says.</summary>
public static class LanguageModels
{
    static readonly Lazy<bool> HasGpu = new(FindGpu);

    /// <summary>The device that "auto" stands for: cuda where a GPU can be used, else cpu. Any other is itself.</summary>
    public static string Resolve(string device)
    {
        if (!device.Equals("auto", StringComparison.OrdinalIgnoreCase))
            return device.ToLowerInvariant();
        return HasGpu.Value ? "cuda" : "cpu";
    }

    /// <summary>Loads the weights. The checkpoint stays the caller's.</summary>
    /// <exception cref="HarnessException">The placement is not this machine's, or the memory is too small.</exception>
    public static ILanguageModel Load(Checkpoint checkpoint, Precision precision, Placement placement)
    {
        string device = Resolve(placement.Device);
        return CudaDevices.Names(device)
            ? CudaLanguageModel.Load(CudaDevice.Open(device), checkpoint, precision, placement, ownsDevice: true)
            : CpuLanguageModel.Load(checkpoint, precision, placement with { Device = device });
    }

    static bool FindGpu()
    {
        try
        {
            return CudaDevices.List().Any(gpu => gpu.Ordinal == 0 && CudaDevices.IsUsable(gpu.Facts));
        }
        catch (HarnessException)
        {
            return false;
        }
    }
}
