using System.Diagnostics;
using System.Text;
using Harness.Engines;
using Harness.Engines.Kernels;
using Harness.Kernels.Ceiling;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Decoding.Device;
using Harness.Kernels.Driver;
using Harness.Kernels.Models;
using Harness.Measurement;
using Harness.Records;

namespace Gpu;

/// <summary>
/// Tokens/s of decoding by shape and samples, beside the card's measured ceilings, with joules a token where the driver counts them.
/// </summary>
sealed class ThroughputPart(ProofSettings settings, Proof proof)
{
    const string Small = "synthetic:llama?d=128&layers=4&heads=8&kv=8&ffn=384&vocab=128&context=256";
    const string Usual = "synthetic:135m";

    static readonly StoppingRule Turns = new() { FewestRuns = 3, MostRuns = 7, Share = TimeSpan.FromSeconds(20), Spread = 0.02 };

    static readonly Work[] Works =
    [
        new("135M, one sample", Usual, Precision.W8A8, 128, 1, 256),
        new("135M, 64 samples of one 1,024-token prompt", Usual, Precision.W8A8, 1024, 64, 128),
        new("135M, 1,024 samples, 256 own tokens", Usual, Precision.W8A8, 16, 1024, 256),
        new("135M bf16, 1,024 samples, 256 own tokens", Usual, Precision.Bf16, 16, 1024, 256),
        new("135M bf16, one sample", Usual, Precision.Bf16, 128, 1, 256),
        new("1M, 8,192 samples of 64 tokens", Small, Precision.W8A8, 16, 8192, 64),
        new("135M f32, 64 samples", Usual, Precision.F32, 128, 64, 64),
        new("135M f32, one sample", Usual, Precision.F32, 128, 1, 64),
    ];

    public void Run(TimeSpan time)
    {
        long started = Stopwatch.GetTimestamp();
        List<Row> rows = [];
        DeviceCeilings? ceilings = null;
        proof.Check("ceilings", () => ceilings = MeasureCeilings());
        foreach (IGrouping<(string Model, Precision Precision), Work> group in Works.GroupBy(work => (work.Model, work.Precision)))
        {
            if (Stopwatch.GetElapsedTime(started) > time)
            {
                proof.Line($"skipped {string.Join("; ", group.Select(work => work.Name))}: no time is left");
                continue;
            }
            proof.Check(
                $"throughput of {group.Key.Model}, {group.Key.Precision}",
                () => rows.AddRange(Measure(group.Key.Model, group.Key.Precision, group)));
        }
        proof.Check("precisions of the quickstart's model", ComparePrecisions);
        Save(rows, ceilings);
    }

    /// <summary>Speed, accuracy and divergence of exact and measured precisions beside one another.</summary>
    void ComparePrecisions()
    {
        PrecisionComparison comparison = new(
            Path.Combine(settings.Root, "results", "quickstart", "model"),
            new Placement { Device = settings.Device },
            new PrecisionSettings(1024, 33, 64));
        foreach (PrecisionRow row in comparison.Measure(CancellationToken.None))
            proof.Line($"{row.Precision} ({row.Class}): {row.TokensPerSecond:N0} tokens/s, {row.Right} of {row.Problems} right, "
                + $"{row.Divergence:G3} nats a token from f32, best token the same for {row.SameBest:P1}");
    }

    DeviceCeilings MeasureCeilings()
    {
        using CudaDevice device = CudaDevice.Open(settings.Device);
        DeviceCeilings ceilings = DeviceCeilings.Measure(device);
        proof.Line($"copy {ceilings.CopyBytes / 1e9:F0} GB/s read and written; int8 mma {2 * ceilings.Int8TensorMultiplyAdds / 1e12:F1}, "
            + $"dp4a {2 * ceilings.Int8DotMultiplyAdds / 1e12:F1}, bf16 mma {2 * ceilings.Bf16TensorMultiplyAdds / 1e12:F1}, f32 fma "
            + $"{2 * ceilings.SingleMultiplyAdds / 1e12:F1} T operations/s");
        return ceilings;
    }

    IEnumerable<Row> Measure(string location, Precision precision, IEnumerable<Work> works)
    {
        using Checkpoint checkpoint = ModelFiles.Open(location);
        using CudaDevice device = CudaDevice.Open(settings.Device);
        foreach (Work work in works)
        {
            using CudaLanguageModel model = CudaLanguageModel.Load(device, checkpoint, precision, new Placement { Batch = work.Samples });
            using IGenerator generator = model.CreateGenerator();
            yield return Measure(device, generator, checkpoint.Config, work);
        }
    }

    Row Measure(CudaDevice device, IGenerator generator, ModelConfig config, Work work)
    {
        int[] prompt = TimedGeneration.Prompt(work.PromptTokens, config.Vocabulary);
        using EnergyMeter? meter = EnergyMeter.TryOpen(device.Description.PciBusId, out _);
        IReadOnlyList<Turn> turns = new MeasurementLoop(Turns)
            .Repeat(token => Time(generator, prompt, work, meter, token), turn => [turn.Rate], CancellationToken.None);
        Measured rates = Measured.Of(turns.Select(turn => turn.Rate));
        Row row = new(
            work.Name, work.Precision.ToString(), work.PromptTokens, work.Samples, work.Tokens, rates.Median, rates.Low, rates.High,
            (meter is null ? null : turns.Sum(turn => turn.Joules)) / ((double)turns.Count * work.Samples * work.Tokens),
            turns.Sum(turn => turn.Processor) / turns.Sum(turn => turn.Seconds),
            ModelFlops.Generation(config, work.PromptTokens, work.Tokens) / work.Tokens * rates.Median);
        proof.Line($"{row.Work}: {row.TokensPerSecond:N0} tokens/s ({row.Low:N0} to {row.High:N0}), "
            + $"{row.Joules?.ToString("G3") ?? "unknown"} J a token, {row.ProcessorCores:F2} cores");
        return row;
    }

    /// <summary>One generation beside one that ends after the first token.</summary>
    static Turn Time(IGenerator generator, int[] prompt, Work work, EnergyMeter? meter, CancellationToken cancellation)
    {
        double first = TimedGeneration.Seconds(generator, prompt, work.Samples, 1, cancellation);
        double? before = meter?.Joules;
        TimeSpan busy = Process.GetCurrentProcess().TotalProcessorTime;
        double whole = TimedGeneration.Seconds(generator, prompt, work.Samples, work.Tokens, cancellation);
        double processor = (Process.GetCurrentProcess().TotalProcessorTime - busy).TotalSeconds;
        return new Turn(work.Samples * (work.Tokens - 1) / (whole - first), whole, processor, meter?.Joules - before);
    }

    /// <summary>machines/ID/decoding.csv, whose columns are its own since its rows are of several models, and machine.json.</summary>
    void Save(List<Row> rows, DeviceCeilings? ceilings)
    {
        MachineFacts machine = new KernelEngine().Describe(Precision.W8A8, new Placement { Device = settings.Device });
        string folder = Path.Combine(settings.Output, "machines", machine.Name);
        Directory.CreateDirectory(folder);
        StringBuilder csv = new("work,precision,prompt_tokens,samples,tokens_per_sample,tokens_per_second,"
            + "tokens_per_second_low,tokens_per_second_high,joules_per_token,processor_cores,flops_per_second\n");
        foreach (Row row in rows)
            csv.Append($"\"{row.Work}\",{row.Precision.ToLowerInvariant()},{row.PromptTokens},{row.Samples},{row.Tokens},"
                + $"{row.TokensPerSecond:G4},{row.Low:G4},{row.High:G4},{row.Joules:G4},{row.ProcessorCores:G3},{row.Flops:G4}\n");
        File.WriteAllText(Path.Combine(folder, "decoding.csv"), csv.ToString());
        DeviceFacts facts = CudaDevices.Find(settings.Device).Facts;
        File.WriteAllText(
            Path.Combine(folder, "machine.json"), JsonStyle.Write(new { machine.Name, Gpu = facts, Ceilings = ceilings }) + "\n");
    }

    sealed record Work(string Name, string Model, Precision Precision, int PromptTokens, int Samples, int Tokens);

    /// <param name="Rate">Tokens a second of decoding.</param>
    /// <param name="Seconds">Time that the whole generation took.</param>
    /// <param name="Processor">Seconds that all cores together spent on it.</param>
    /// <param name="Joules">Energy that it took; null where it can't be measured.</param>
    sealed record Turn(double Rate, double Seconds, double Processor, double? Joules);

    sealed record Row(
        string Work,
        string Precision,
        int PromptTokens,
        int Samples,
        int Tokens,
        double TokensPerSecond,
        double Low,
        double High,
        double? Joules,
        double ProcessorCores,
        double Flops);
}
