using System.Text;
using Harness.Kernels;
using Harness.Kernels.Ceiling;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Decoding;
using Harness.Kernels.Driver;

namespace Harness.Engines.Kernels;

/// <summary>Runs models with the project's own kernels.</summary>
public sealed class KernelEngine : IEngine
{
    static readonly TimeSpan CeilingTime = TimeSpan.FromMilliseconds(100);

    public string Name => "kernels";

    public bool IsExact(Precision precision) => Precisions.Exact.Contains(precision);

    public Checkpoint Open(string location) => ModelFiles.Open(location);

    public IModelGenerator CreateGenerator(Checkpoint checkpoint, Precision precision, Placement placement) =>
        new OwningGenerator(LanguageModels.Load(checkpoint, precision, placement));

    public IReadOnlyList<Placement> Share(Placement placement, IReadOnlyList<(ModelConfig Config, Precision Precision)> models) =>
        LanguageModels.ShareMemory(placement, models);

    public float[] NextLogits(Checkpoint checkpoint, Precision precision, Placement placement, IReadOnlyList<int> tokens)
    {
        using ILanguageModel model = LanguageModels.Load(checkpoint, precision, placement);
        float[] last = [];
        model.Evaluate([.. tokens], (position, logits) =>
        {
            if (position == tokens.Count - 1)
                last = logits.ToArray();
        });
        return last;
    }

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

    /// <summary>A generator with the model that was loaded for it.</summary>
    sealed class OwningGenerator(ILanguageModel model) : IModelGenerator
    {
        readonly IGenerator generator = model.CreateGenerator();

        public int Batch => model.Batch;

        public MemoryFit Fits(RequestShape shape) => model.Fits(shape);

        public void Generate(
            IReadOnlyList<GenerationRequest> requests,
            DecodingSettings settings,
            Action<Generation> finished,
            CancellationToken cancellation) =>
            generator.Generate(requests, settings, finished, cancellation);

        public void Dispose()
        {
            generator.Dispose();
            model.Dispose();
        }
    }
}
