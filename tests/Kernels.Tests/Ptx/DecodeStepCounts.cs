using System.Globalization;
using System.Text;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Decoding.Device;
using Harness.Kernels.Driver;
using Harness.Tests.Shared;
using PtxInterpreter;
using PtxInterpreter.Execution;
using PtxInterpreter.Parsing;

namespace Kernels.Tests.Ptx;

/// <summary>
/// Writes docs/gpu-kernels.md: what each kernel of a decode step does, counted by the interpreter over the PTX that ships, against the
/// ceilings of an H100, and what registers NVIDIA's assembler gives each, where it is at hand. Counts, not timings.
/// </summary>
public class DecodeStepCounts
{
    /// <summary>Layers that are run; the counts are scaled to the model's 30.</summary>
    const int LayersRun = 1, Layers = 30;

    const int Multiprocessors = 132;
    static readonly string[] Architectures = ["sm_80", "sm_90"];

    const double BytesPerSecond = 3.35e12, WarpInstructionsPerSecond = Multiprocessors * 4 * 1.755e9, WavefrontsPerSecond =
        Multiprocessors * 1.755e9, Int8MultiplyAddsPerSecond = 1979e12 / 2;
    const double MatrixMultiplyAdds = 16 * 8 * 32;

    static readonly (string Title, int Samples, int Prompt)[] Steps =
    [
        ("One sample after 128 tokens", 1, 128), ("64 samples of one 1,024-token prompt", 64, 1024),
        ("256 samples after 16 tokens", 256, 16),
    ];

    [Explicit("writes docs/gpu-kernels.md: dotnet test tests/Kernels.Tests --filter DecodeStepCounts")]
    [Test]
    public void Write()
    {
        StringBuilder page = new();
        page.Append("""
            # What the CUDA kernels do

            Counted by the PTX interpreter of the tests over the committed PTX, one decode step of the 135M shape (d 576, 30 layers, 9
            heads of 64 on 3, ffn 1,536, vocabulary 49,152) in w8a8: `dotnet test tests/Kernels.Tests --filter DecodeStepCounts` writes
            this page. Nothing here is a timing: no GPU was at hand. The driver compiles PTX further, so that a card executes fewer
            instructions than these.

            Bytes are what the kernels read and wrote of device memory, each access counted, also those that a cache serves. Sectors are
            the pieces of 32 bytes that the warps' accesses touched, over those that their bytes would fill; wavefronts are the turns that
            their accesses took of the 32 banks of shared memory, over those without conflicts: 1.00 is the best of both. The columns in
            µs are microseconds a step at the ceilings of an H100 SXM: 3.35 TB/s, 927 G warp instructions/s (132 multiprocessors, 4 a
            clock, 1.755 GHz), 232 G wavefronts/s, 990 T int8 multiply-adds/s. The largest is the least time that the kernel could take if
            nothing waited. Launches are nodes of the one graph that a step is. The busiest multiprocessor is the one with the most, were
            the blocks of a launch dealt out to the 132 in turn: its instructions and KB are those of one launch, and its µs those of all
            launches at 4 instructions a clock, the least time where few blocks have all the work.

            """.Replace("\r\n", "\n", StringComparison.Ordinal));
        AppendFewRows(page);
        foreach ((string title, int samples, int prompt) in Steps)
            Append(page, title, samples, prompt);
        AppendRegisters(page);
        File.WriteAllText(Path.Combine(Repository.Root, "docs", "gpu-kernels.md"), page.ToString());
    }

    /// <summary>What the forms for few rows have on the busiest multiprocessor.</summary>
    static void AppendFewRows(StringBuilder page)
    {
        LaunchStatistics[] step = Step(1, 128, LayersRun);
        page.Append("""

            ## Few rows on the whole card
            One sample, one launch. A block of threads has 8 outputs, gates and ups too; the one that ends last quantises what 16 of them
            made, or normalises what all added to. Of the vocabulary a block has a part; the one that ends last draws.

            | launch | blocks | instructions | of the busiest multiprocessor | KB of the busiest multiprocessor |
            |---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        FewRowsLine(page, "queries, keys, values", step.First(IsLinear(120)));
        FewRowsLine(page, "output added, norm", step.First(IsLinear(72)));
        FewRowsLine(page, "gates, ups", step.First(launch => launch.Kernel.Entry.Contains("swiglu")));
        FewRowsLine(page, "largest logit", step.First(launch => launch.Kernel.Entry == "sample_largest"));
        FewRowsLine(page, "sums of weights, draw", step.First(launch => launch.Kernel.Entry == "sample_parts"));

        static Func<LaunchStatistics, bool> IsLinear(int blocks) =>
            launch => launch.Shape.GridY == blocks && launch.Kernel.Entry.Contains("rows1_short");
    }

    static void FewRowsLine(StringBuilder page, string what, LaunchStatistics launch) => page.Append(
        CultureInfo.InvariantCulture,
        $"| {what} | {launch.Shape.GridX * launch.Shape.GridY} | {launch.WarpInstructions.Values.Sum():N0} | "
        + $"{launch.Busiest.WarpInstructions:N0} | {launch.Busiest.GlobalBytes / 1e3:N1} |\n");

    static void Append(StringBuilder page, string title, int samples, int prompt)
    {
        LaunchStatistics[] few = Step(samples, prompt, LayersRun), more = Step(samples, prompt, LayersRun + 1);
        page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n| kernel | launches | warp instructions | of the busiest | "
            + $"KB of the busiest | mma | dp4a | MB | sectors | wavefronts | µs: bytes | µs: instructions | "
            + $"µs: busiest | µs: shared | µs: int8 |\n");
        page.Append("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        Total sum = new();
        foreach (IGrouping<string, LaunchStatistics> kernel in more.GroupBy(launch => $"{launch.Kernel}"))
        {
            Total once = Total.Of(few.Where(launch => $"{launch.Kernel}" == kernel.Key)), twice = Total.Of(kernel);
            // What no layer has is counted once: the work of a draw differs a little from token to token.
            Total whole = once.Launches == twice.Launches ? once : once + ((twice - once) * (Layers - LayersRun));
            sum += whole;
            Line(page, $"`{kernel.Key}`", whole);
        }
        Line(page, "all", sum);
    }

    static void Line(StringBuilder page, string name, Total total) => page.Append(
        CultureInfo.InvariantCulture,
        $"| {name} | {total.Launches} | {total.Instructions:N0} | {total.Busiest / total.Launches:N0} | "
        + $"{total.BusiestBytes / 1e3 / total.Launches:N1} | {total.Mma:N0} | {total.Dot:N0} | {total.Bytes / 1e6:N1} | "
        + $"{Ratio(total.Traffic.GlobalSectors, total.Traffic.GlobalSectorsLeast)} | "
        + $"{Ratio(total.Traffic.SharedWavefronts, total.Traffic.SharedWavefrontsLeast)} | {1e6 * total.Bytes / BytesPerSecond:N1} | "
        + $"{1e6 * total.Instructions / WarpInstructionsPerSecond:N1} | "
        + $"{1e6 * total.Busiest / WarpInstructionsPerSecond * Multiprocessors:N1} | "
        + $"{1e6 * total.Traffic.SharedWavefronts / WavefrontsPerSecond:N1} | "
        + $"{1e6 * total.Mma * MatrixMultiplyAdds / Int8MultiplyAddsPerSecond:N1} |\n");

    static string Ratio(long count, long least) =>
        least == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{(double)count / least:F2}");

    static void AppendRegisters(StringBuilder page)
    {
        page.Append("\n## Registers\n");
        if (PtxAssembler.Path is null)
        {
            page.Append(CultureInfo.InvariantCulture, $"Not known: {PtxAssembler.HowToGet}.\n");
            return;
        }
        page.Append(string.Create(CultureInfo.InvariantCulture, $"""
            Of ptxas {PtxAssembler.Version()}; bytes are static shared memory of a block, and registers' contents of a thread that went to
            memory (stores + loads). For sm_90 it is the text in which kernels start before the one before them has ended.

            """).ReplaceLineEndings("\n"));
        Dictionary<string, AssembledModule>[] assembled = [.. Architectures.Select(architecture =>
            PtxLibrary.Modules.ToDictionary(module => module, module => PtxAssembler.Assemble(module, architecture)))];
        for (int i = 0; i < Architectures.Length; i++)
        {
            string times = string.Join(", ", assembled[i].OrderByDescending(m => m.Value.Time)
                .Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key} {m.Value.Time.TotalSeconds:F1}")));
            page.Append(CultureInfo.InvariantCulture, $"{Architectures[i]} took {assembled[i].Values.Sum(m => m.Time.TotalSeconds):F1} s "
                + $"in all on one core of a busy machine; a driver's compiler takes about as long at a first use, several modules at once: "
                + $"{times}.\n");
        }
        page.Append("\n| kernel | threads | registers sm_80 | spilled | shared bytes | registers sm_90 | spilled | shared bytes |\n");
        page.Append("|---|---|---|---|---|---|---|---|\n");
        foreach (string name in PtxLibrary.Modules)
        {
            IReadOnlyDictionary<string, PtxEntry> entries = PtxParser.Parse(name, PtxLibrary.Read(name)).Entries;
            foreach (AssembledKernel kernel in assembled[0][name].Kernels.OrderBy(kernel => kernel.Name, StringComparer.Ordinal))
            {
                AssembledKernel other = assembled[1][name].Kernels.Single(k => k.Name == kernel.Name);
                page.Append(CultureInfo.InvariantCulture, $"| `{name}.{kernel.Name}` | {entries[kernel.Name].MaxThreads:N0} | "
                    + $"{Resources(kernel)} | {Resources(other)} |\n");
            }
        }
    }

    static string Resources(AssembledKernel kernel) => string.Create(
        CultureInfo.InvariantCulture,
        $"{kernel.Registers} | {kernel.SpilledStores} + {kernel.SpilledLoads} | {kernel.SharedBytes:N0}");

    /// <summary>The launches of the last step: one sample more is drawn than the steps before it.</summary>
    static LaunchStatistics[] Step(int samples, int prompt, int layers)
    {
        using Checkpoint checkpoint = ModelFiles.Open($"synthetic:135m?layers={layers}");
        using var device = new InterpretedDevice(
            24L << 30,
            new InterpreterOptions
            {
                FindGlobalRaces = false,
                FindUninitialised = false,
                MostInstructions = long.MaxValue,
                CountTraffic = true,
                Multiprocessors = Multiprocessors
            });
        using CudaLanguageModel model = CudaLanguageModel.Load(device, checkpoint, Precision.W8A8, new Placement { Batch = samples });
        using IGenerator generator = model.CreateGenerator();
        GenerationRequest request = new()
        {
            Problem = 0,
            Prompt = [.. Enumerable.Range(0, prompt).Select(i => i * 7919 % 49152)],
            Samples = [.. Enumerable.Range(0, samples)],
        };
        generator.Generate([request], new DecodingSettings { Seed = 1, Temperature = 1, MaxTokens = 2 }, _ => { }, CancellationToken.None);
        LaunchStatistics[] all = [.. device.Launches];
        int begin = Array.FindLastIndex(all, launch => launch.Kernel.Entry == "decode_begin");
        return [.. all[begin..].Where(launch => launch.Kernel.Entry != "collect_slots")];
    }

    readonly record struct Total(
        long Launches, long Instructions, long Busiest, long BusiestBytes, long Mma, long Dot, long Bytes, MemoryTraffic Traffic)
    {
        public static Total Of(IEnumerable<LaunchStatistics> launches)
        {
            Total sum = new();
            foreach (LaunchStatistics launch in launches)
            {
                sum += new Total(
                    1, launch.WarpInstructions.Values.Sum(), launch.Busiest.WarpInstructions, launch.Busiest.GlobalBytes,
                    launch.WarpInstructions.GetValueOrDefault(InstructionClass.MatrixMultiply),
                    launch.WarpInstructions.GetValueOrDefault(InstructionClass.DotProduct),
                    launch.GlobalBytesRead + launch.GlobalBytesWritten,
                    launch.Traffic);
            }
            return sum;
        }

        public static Total operator +(Total a, Total b) =>
            new(
                a.Launches + b.Launches,
                a.Instructions + b.Instructions,
                a.Busiest + b.Busiest,
                a.BusiestBytes + b.BusiestBytes,
                a.Mma + b.Mma,
                a.Dot + b.Dot,
                a.Bytes + b.Bytes,
                a.Traffic + b.Traffic);

        public static Total operator -(Total a, Total b) =>
            new(
                a.Launches - b.Launches,
                a.Instructions - b.Instructions,
                a.Busiest - b.Busiest,
                a.BusiestBytes - b.BusiestBytes,
                a.Mma - b.Mma,
                a.Dot - b.Dot,
                a.Bytes - b.Bytes,
                a.Traffic - b.Traffic);

        public static Total operator *(Total a, long times) =>
            new(
                a.Launches * times,
                a.Instructions * times,
                a.Busiest * times,
                a.BusiestBytes * times,
                a.Mma * times,
                a.Dot * times,
                a.Bytes * times,
                a.Traffic * times);
    }
}
