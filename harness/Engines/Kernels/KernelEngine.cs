using System.Text;
using Harness.Kernels;
using Harness.Kernels.Ceiling;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Driver;
using Harness.Kernels.Numerics;

namespace Harness.Engines.Kernels;

/// <summary>Runs models with the project's own kernels.</summary>
public sealed class KernelEngine : IEngine
{
    static readonly TimeSpan CeilingTime = TimeSpan.FromMilliseconds(100);

    public string Name => "kernels";

    public string Summary => "this repository's own kernels, on the CPU or a GPU: the same tokens everywhere";

    public bool IsExact(Precision precision) => Precisions.Exact.Contains(precision);

    public bool KnowsByName(string model) => ModelFiles.IsSynthetic(model);

    public IEngineModel Open(string location) => new KernelModel(ModelFiles.Open(location));

    public IReadOnlyList<Placement> Share(Placement placement, IReadOnlyList<(IEngineModel Model, Precision Precision)> models) =>
        LanguageModels.ShareMemory(
            placement,
            [.. models.Select(model => (
                model.Model.Shape ?? throw new ArgumentException("the model is not the kernels'", nameof(models)), model.Precision))]);

    public double? MeasureCeiling(Precision precision, Placement placement)
    {
        string device = LanguageModels.Resolve(placement.Device);
        if (CudaDevices.Names(device))
        {
            using CudaDevice gpu = CudaDevice.Open(device);
            DeviceCeilings ceilings = DeviceCeilings.Measure(gpu);
            return 2 * ceilings.MultiplyAdds(precision);
        }
        MachineFacts machine = Describe(precision, placement);
        InstructionSet isa = InstructionSets.Choose(placement.Isa, precision);
        return precision.IsInt8OnCpu()
            ? PeakInt8.Measure(isa, machine.Threads, CeilingTime)
            : PeakF32.Measure(isa, machine.Threads, CeilingTime);
    }

    public IEnergyMeter? OpenEnergyMeter(Placement placement)
    {
        string device = LanguageModels.Resolve(placement.Device);
        return CudaDevices.Names(device) ? EnergyMeter.TryOpen(CudaDevices.Find(device).PciBusId, out _) : null;
    }

    /// <summary>On the CPU, and where the placement means a GPU, also whole models there.</summary>
    public NumericsCheck CheckNumerics(Placement placement)
    {
        string device = LanguageModels.Resolve(placement.Device);
        if (!CudaDevices.Names(device))
            return NumericsCheck.Of(NumericUnits.All);
        Placement small = placement with { Device = device, Batch = 64, MemoryBytes = 1 << 28 };
        return NumericsCheck.Of(
            [.. NumericUnits.All, .. NumericUnits.On(device, (model, precision) => LanguageModels.Load(model, precision, small))]);
    }

    public MachineFacts Describe(Precision precision, Placement placement)
    {
        string device = LanguageModels.Resolve(placement.Device);
        if (CudaDevices.Names(device))
        {
            DeviceFacts gpu = CudaDevices.Find(device).Facts;
            return new MachineFacts(
                "cuda", $"{Slug(gpu.Name)}-x1-sm{gpu.ComputeCapability}", $"sm{gpu.ComputeCapability}", placement.Workers);
        }
        string isa = InstructionSets.Choose(placement.Isa, precision).ToString().ToLowerInvariant();
        return new MachineFacts(device, $"{Slug(Processor.Name)}-x{Environment.ProcessorCount}-{isa}", isa, placement.Workers);
    }

    static string Slug(string name)
    {
        StringBuilder slug = new();
        foreach (char letter in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(letter))
                slug.Append(letter);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }
        return slug.ToString().TrimEnd('-');
    }
}
