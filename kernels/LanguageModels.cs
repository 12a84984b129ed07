using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Decoding;
using Harness.Kernels.Decoding.Device;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Kernels.KvCache;

namespace Harness.Kernels;

/// <summary>Loads models on the device that their placement names: the entrance to this library.</summary>
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

    /// <summary>
    /// Placements for models that are loaded at the same time: the memory of <paramref name="placement"/> split among them, so that none
    /// takes what another needs.
    /// </summary>
    /// <param name="placement">Where all of them run. Stating no memory means what is free now.</param>
    /// <param name="models">Their shapes and precisions.</param>
    /// <returns>One for each, with its share as MemoryBytes.</returns>
    /// <exception cref="HarnessException">The memory does not hold them all, or the placement is not this machine's.</exception>
    public static IReadOnlyList<Placement> ShareMemory(Placement placement, IReadOnlyList<(ModelConfig Config, Precision Precision)> models)
    {
        string device = Resolve(placement.Device);
        long[] shares;
        if (CudaDevices.Names(device))
        {
            using CudaDevice gpu = CudaDevice.Open(device);
            shares = MemoryShares.Split(
                DevicePlan.BudgetOn(gpu, placement),
                [.. models.Select(
                    model => (DevicePlan.Least(model.Config, model.Precision), DeviceLayout.PageBytes(model.Config, model.Precision)))]);
        }
        else
        {
            shares = MemoryShares.Split(MemoryPlan.Budget(placement), [.. models.Select(model => OnCpu(model.Config, model.Precision))]);
        }
        return [.. shares.Select(bytes => placement with { MemoryBytes = bytes })];

        (Int128, long) OnCpu(ModelConfig config, Precision precision) => (
            MemoryPlan.Least(config, precision, placement, InstructionSets.Choose(placement.Isa, precision)),
            KvCacheCpu.BytesOfPage(config, precision));
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
