using System.Diagnostics;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Decoding.Device;

namespace Harness.Benchmarks.Decoding;

/// <summary>
/// What the host spends a token while a GPU decodes 8,192 samples of up to 64 tokens, the driver's own calls left out; the median of
/// several turns: `dotnet run -c Release --project tests/Benchmarks -- host-share`.
/// </summary>
static class HostShare
{
    const int Batch = 8192, MaxTokens = 64, Turns = 31;
    static readonly TimeSpan warmUp = TimeSpan.FromSeconds(3);

    static readonly (string Name, int Prompts, int Samples, int[] StopTokens)[] works =
    [
        ("one prompt, 8,192 samples", 1, Batch, []),
        ("one prompt, 8,192 samples, an end token", 1, Batch, [IdleDevice.Tokens[0]]),
        ("256 prompts, 128 samples of each, an end token", 256, 128, [IdleDevice.Tokens[0]]),
    ];

    public static void Print()
    {
        using Checkpoint checkpoint = ModelFiles.Open("synthetic:llama?d=128&layers=4&heads=4&kv=4&ffn=352&vocab=512&context=256");
        Console.WriteLine($"nanoseconds a token, the median of {Turns} turns: elapsed, of all threads");
        foreach ((string name, int prompts, int samples, int[] stopTokens) in works)
        {
            using var device = new IdleDevice();
            using CudaLanguageModel model = CudaLanguageModel.Load(device, checkpoint, Precision.W8A8, new Placement { Batch = Batch });
            using IGenerator generator = model.CreateGenerator();
            GenerationRequest[] requests =
            [
                .. Enumerable.Range(0, prompts)
                    .Select(
                        problem =>
                        new GenerationRequest { Problem = problem, Prompt = [.. Enumerable.Range(0, 40)], Samples =
                        [.. Enumerable.Range(0, samples)] }),
            ];
            var settings = new DecodingSettings { Seed = 1, Temperature = 1, MaxTokens = MaxTokens, StopTokens = stopTokens };
            for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < warmUp;)
                Turn(generator, requests, settings);
            (double Elapsed, double All)[] turns = [.. Enumerable.Range(0, Turns).Select(_ => Turn(generator, requests, settings))];
            Console.WriteLine($"{Median(turns.Select(turn => turn.Elapsed)),6:F1} {Median(turns.Select(turn => turn.All)),6:F1}  {name}");
        }
    }

    static (double Elapsed, double All) Turn(IGenerator generator, GenerationRequest[] requests, DecodingSettings settings)
    {
        long tokens = 0;
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        generator.Generate(requests, settings, generation => tokens += generation.Tokens.Length, CancellationToken.None);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        return (elapsed.TotalNanoseconds / tokens, (Environment.CpuUsage.TotalTime - before).TotalNanoseconds / tokens);
    }

    static double Median(IEnumerable<double> values) => values.Order().ElementAt(Turns / 2);
}
