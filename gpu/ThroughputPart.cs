using System.Diagnostics;
using Harness.Identity;
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
/// Tokens/s of decoding and time to the first token by shape and samples, beside the card's measured ceilings and clocks, with joules a
/// token where the driver counts them; and what a first start costs.
/// </summary>
sealed class ThroughputPart(ProofSettings settings, Checks checks)
{
    const string Table = "decoding.csv";

    const string Columns = "work,precision,prompt_tokens,samples,tokens_per_sample,tokens_per_second,tokens_per_second_low,"
        + "tokens_per_second_high,milliseconds_to_first_token,joules_per_token,processor_cores,flops_per_second,"
        + "weight_bytes_per_second,multiprocessor_mhz,memory_mhz,degrees";

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    static readonly StoppingRule Turns = new() { FewestRuns = 3, MostRuns = 7, Share = TimeSpan.FromSeconds(20), Spread = 0.02 };

    public void Run()
    {
        checks.Check("ceilings", Limit, MeasureCeilings);
        checks.Check("cold start", Limit, MeasureColdStart);
        foreach (Workload work in Workload.All)
        {
            if (checks.HasTime)
                checks.Check($"throughput: {work.Name}", Limit, () => Measure(work));
            else
                checks.Skip($"throughput: {work.Name}: no time is left");
        }
        if (checks.HasTime)
            checks.Check("precisions of the quickstart's model", Limit, ComparePrecisions);
        else
            checks.Skip("precisions of the quickstart's model: no time is left");
    }

    /// <summary>Speed, accuracy and divergence of exact and measured precisions beside one another.</summary>
    void ComparePrecisions()
    {
        PrecisionComparison comparison = new(
            new ModelLocation(Path.Combine(settings.Root, "results", "base-model", "model"), "model"),
            new Placement { Device = settings.Device },
            new PrecisionSettings(1024, 33, 64));
        foreach (PrecisionRow row in comparison.Measure(CancellationToken.None))
            checks.Line($"{row.Precision} ({row.Class}): {row.TokensPerSecond:N0} tokens/s, {row.Right} of {row.Problems} right, "
                + $"{row.Divergence:G3} nats a token from f32, best token the same for {row.SameBest:P1}");
    }

    void MeasureCeilings()
    {
        using CudaDevice device = CudaDevice.Open(settings.Device);
        DeviceCeilings ceilings = DeviceCeilings.Measure(device);
        checks.Line($"copy {ceilings.CopyBytes / 1e9:F0} GB/s read and written; int8 mma {2 * ceilings.Int8TensorMultiplyAdds / 1e12:F1}, "
            + $"dp4a {2 * ceilings.Int8DotMultiplyAdds / 1e12:F1}, bf16 mma {2 * ceilings.Bf16TensorMultiplyAdds / 1e12:F1}, f32 fma "
            + $"{2 * ceilings.SingleMultiplyAdds / 1e12:F1} T operations/s");
        MachineFolder machine = new(settings);
        machine.Write("machine.json", JsonStyle.Write(new { machine.Name, Gpu = device.Facts, Ceilings = ceilings }) + "\n");
    }

    /// <summary>In a process of its own, without what the driver has kept of earlier ones.</summary>
    void MeasureColdStart()
    {
        ProcessStartInfo start = ProofRun.Self(settings, Parts.ColdStart, 0, Limit);
        start.Environment[ColdStartTimes.NoCache] = "1";
        string log = Path.Combine(settings.Output, "cold-start.log");
        ColdStartTimes times = ColdStartTimes.Find(ToolProcess.Run(start, log, Limit))
            ?? throw new CheckFailedException("its times were not told, see cold-start.log");
        checks.Line($"cold start: {times.Load:F1} s to load {Workload.All[0].Model}, {times.FirstToken:F1} s to the first token with the "
            + $"kernels compiled on the way, then {times.SecondToken * 1000:F1} ms");
        new MachineFolder(settings).Append("cold-start.csv", "work,load_seconds,first_token_seconds,second_token_seconds",
            Workload.All[0].Name, times.Load, times.FirstToken, times.SecondToken);
    }

    void Measure(Workload work)
    {
        using Checkpoint checkpoint = ModelFiles.Open(work.Model);
        using CudaDevice device = CudaDevice.Open(settings.Device);
        using CudaLanguageModel model =
            CudaLanguageModel.Load(device, checkpoint, work.Precision, new Placement { Batch = work.Samples });
        using IGenerator generator = model.CreateGenerator();
        using EnergyMeter? meter = EnergyMeter.TryOpen(device.Description.PciBusId, out _);
        using ClockReader clocks = ClockReader.Start(device.Description);
        int[] prompt = TimedGeneration.Prompt(work.PromptTokens, checkpoint.Config.Vocabulary);
        long began = Stopwatch.GetTimestamp();
        IReadOnlyList<Turn> turns = new MeasurementLoop(Turns)
            .Repeat(token => Time(generator, prompt, work, meter, token), turn => [turn.Rate], CancellationToken.None);
        Report(work, checkpoint.Config, turns, meter is not null, clocks.Since(began));
    }

    void Report(
        Workload work, ModelConfig config, IReadOnlyList<Turn> turns, bool hasEnergy,
        (double? Multiprocessors, double? Memory, double? Degrees) clocks)
    {
        Measured rates = Measured.Of(turns.Select(turn => turn.Rate)), first = Measured.Of(turns.Select(turn => turn.FirstToken * 1000));
        double tokens = (double)work.Samples * work.Tokens;
        double? joules = hasEnergy ? turns.Sum(turn => turn.Joules)!.Value / (turns.Count * tokens) : null;
        double cores = turns.Sum(turn => turn.Processor) / turns.Sum(turn => turn.Seconds);
        double flops = ModelFlops.Generation(config, work.PromptTokens, work.Tokens) / work.Tokens * rates.Median;
        // Every step of all samples reads every weight once.
        double bytes = (ModelFlops.BodyMultiplyAdds(config) + ModelFlops.HeadMultiplyAdds(config)) * (double)work.Precision.WeightBytes()
            * rates.Median / work.Samples;
        new MachineFolder(settings).Append(Table, Columns, work.Name, work.Precision.ToString().ToLowerInvariant(), work.PromptTokens,
            work.Samples, work.Tokens, rates.Median, rates.Low, rates.High, first.Median, joules, cores, flops, bytes,
            clocks.Multiprocessors, clocks.Memory, clocks.Degrees);
        checks.Line($"{work.Name}: {rates.Median:N0} tokens/s ({rates.Low:N0} to {rates.High:N0}), first token after {first.Median:F1} ms, "
            + $"weights at {bytes / 1e9:F0} GB/s, {joules?.ToString("G3") ?? "unknown"} J a token, {cores:F2} cores, "
            + $"{clocks.Multiprocessors?.ToString("F0") ?? "unknown"} MHz");
    }

    /// <summary>One generation beside one that ends after the first token.</summary>
    static Turn Time(IGenerator generator, int[] prompt, Workload work, EnergyMeter? meter, CancellationToken cancellation)
    {
        double first = TimedGeneration.Seconds(generator, prompt, work.Samples, 1, cancellation);
        double? before = meter?.Joules;
        TimeSpan busy = Process.GetCurrentProcess().TotalProcessorTime;
        double whole = TimedGeneration.Seconds(generator, prompt, work.Samples, work.Tokens, cancellation);
        double processor = (Process.GetCurrentProcess().TotalProcessorTime - busy).TotalSeconds;
        return new Turn(work.Samples * (work.Tokens - 1) / (whole - first), first, whole, processor, meter?.Joules - before);
    }

    /// <param name="Rate">Tokens a second of decoding.</param>
    /// <param name="FirstToken">Seconds until every sample has its first token.</param>
    /// <param name="Seconds">Time that the whole generation took.</param>
    /// <param name="Processor">Seconds that all cores together spent on it.</param>
    /// <param name="Joules">Energy that it took; null where it can't be measured.</param>
    sealed record Turn(double Rate, double FirstToken, double Seconds, double Processor, double? Joules);
}
