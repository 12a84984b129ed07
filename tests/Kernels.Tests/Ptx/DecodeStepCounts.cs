using System.Globalization;
using System.Text;
using Harness.Kernels.Decoding;
using Harness.Kernels.Models;
using Harness.Kernels.Models.Checkpoints;
using Harness.Tests.Shared;
using PtxInterpreter;
using PtxInterpreter.Execution;

namespace Kernels.Tests.Ptx;

/// <summary>
/// Writes docs/gpu-kernels.md: what each kernel of a decode step does, counted by the interpreter over the PTX that ships, against the
/// ceilings of an H100. Counts, not timings.
/// </summary>
public class DecodeStepCounts
{
    /// <summary>Layers that are run; the counts are scaled to the model's 30.</summary>
    const int LayersRun = 1, Layers = 30;

    const int Multiprocessors = 132;

    const double BytesPerSecond = 3.35e12, WarpInstructionsPerSecond = Multiprocessors * 4 * 1.755e9, Int8MultiplyAddsPerSecond = 1979e12 / 2;
    const double MatrixMultiplyAdds = 16 * 8 * 32;

    static readonly (string Title, int Samples, int Prompt)[] Steps =
    [
        ("One sample after 128 tokens", 1, 128), ("64 samples of one 1,024-token prompt", 64, 1024), ("256 samples after 16 tokens", 256, 16),
    ];

    [Explicit("writes docs/gpu-kernels.md: dotnet test tests/Kernels.Tests --filter DecodeStepCounts")]
    [Test]
    public void Write()
    {
        StringBuilder page = new();
        page.Append("""
            # What the CUDA kernels do

            Counted by the PTX interpreter of the tests over the committed PTX, one decode step of the 135M shape (d 576, 30 layers, 9 heads of 64 on
            3, ffn 1,536, vocabulary 49,152) in w8a8: `dotnet test tests/Kernels.Tests --filter DecodeStepCounts` writes this page. Nothing here is a
            timing: no GPU was at hand. The driver compiles PTX further, so that a card executes fewer instructions than these.

            Bytes are what the kernels read and wrote of device memory, each access counted, also those that a cache serves. The three last columns
            are microseconds a step at the ceilings of an H100 SXM: 3.35 TB/s, 927 G warp instructions/s (132 multiprocessors, 4 a clock,
            1.755 GHz), 990 T int8 multiply-adds/s. The largest is the least time that the kernel could take if nothing waited. Launches are nodes
            of the one graph that a step is.

            """.Replace("\r\n", "\n", StringComparison.Ordinal));
        foreach ((string title, int samples, int prompt) in Steps)
            Append(page, title, samples, prompt);
        File.WriteAllText(Path.Combine(Repository.Root, "docs", "gpu-kernels.md"), page.ToString());
    }

    static void Append(StringBuilder page, string title, int samples, int prompt)
    {
        LaunchStatistics[] few = Step(samples, prompt, LayersRun), more = Step(samples, prompt, LayersRun + 1);
        page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n| kernel | launches | warp instructions | mma | dp4a | MB | µs: bytes | µs: instructions | µs: int8 |\n|---|---|---|---|---|---|---|---|---|\n");
        Total sum = new();
        foreach (IGrouping<string, LaunchStatistics> kernel in more.GroupBy(launch => $"{launch.Kernel}"))
        {
            Total once = Total.Of(few.Where(launch => $"{launch.Kernel}" == kernel.Key)), twice = Total.Of(kernel);
            Total whole = once + ((twice - once) * (Layers - LayersRun));
            sum += whole;
            Line(page, $"`{kernel.Key}`", whole);
        }
        Line(page, "all", sum);
    }

    static void Line(StringBuilder page, string name, Total total) => page.Append(
        CultureInfo.InvariantCulture,
        $"| {name} | {total.Launches} | {total.Instructions:N0} | {total.Mma:N0} | {total.Dot:N0} | {total.Bytes / 1e6:N1} | {1e6 * total.Bytes / BytesPerSecond:N1} | {1e6 * total.Instructions / WarpInstructionsPerSecond:N1} | {1e6 * total.Mma * MatrixMultiplyAdds / Int8MultiplyAddsPerSecond:N1} |\n");

    /// <summary>The launches of the last step: one sample more is drawn than the steps before it.</summary>
    static LaunchStatistics[] Step(int samples, int prompt, int layers)
    {
        using Checkpoint checkpoint = ModelFiles.Open($"synthetic:135m?layers={layers}");
        using var device = new InterpretedDevice(24L << 30, new InterpreterOptions { FindGlobalRaces = false, FindUninitialised = false, MostInstructions = long.MaxValue, Multiprocessors = Multiprocessors });
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

    readonly record struct Total(long Launches, long Instructions, long Mma, long Dot, long Bytes)
    {
        public static Total Of(IEnumerable<LaunchStatistics> launches)
        {
            Total sum = new();
            foreach (LaunchStatistics launch in launches)
            {
                sum += new Total(
                    1, launch.WarpInstructions.Values.Sum(), launch.WarpInstructions.GetValueOrDefault(InstructionClass.MatrixMultiply),
                    launch.WarpInstructions.GetValueOrDefault(InstructionClass.DotProduct), launch.GlobalBytesRead + launch.GlobalBytesWritten);
            }
            return sum;
        }

        public static Total operator +(Total a, Total b) =>
            new(a.Launches + b.Launches, a.Instructions + b.Instructions, a.Mma + b.Mma, a.Dot + b.Dot, a.Bytes + b.Bytes);

        public static Total operator -(Total a, Total b) =>
            new(a.Launches - b.Launches, a.Instructions - b.Instructions, a.Mma - b.Mma, a.Dot - b.Dot, a.Bytes - b.Bytes);

        public static Total operator *(Total a, long times) =>
            new(a.Launches * times, a.Instructions * times, a.Mma * times, a.Dot * times, a.Bytes * times);
    }
}
