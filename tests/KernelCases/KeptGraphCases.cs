using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Decoding.Device;
using Harness.Kernels.Driver;

namespace KernelCases;

/// <summary>
/// Calls one after the other over the memory and the recorded steps of the one before: whatever differs between two calls, each draws what
/// the CPU draws.
/// </summary>
public static class KeptGraphCases
{
    static readonly ModelConfig Shape = RandomCheckpoint.Shape();

    static readonly DecodingSettings First = new() { Seed = 5, Temperature = 1.5f, MaxTokens = 12, StopTokens = [3, 9] };

    /// <summary>
    /// Each differs from the one before it in one thing that a recorded step takes with it. The first has memory for all but the last; its
    /// positions are so few that the next has its angles elsewhere.
    /// </summary>
    static readonly (string What, DecodingSettings Settings, int Prompt, int Samples)[] Calls =
    [
        ("many samples of few tokens", First, 2, 60), ("more positions", First, 40, 4), ("same again", First, 40, 4),
        ("other seed", First with { Seed = 6 }, 40, 4), ("other temperature", First with { Temperature = 0.7f }, 40, 4),
        ("greedy", First with { Temperature = 0 }, 40, 4), ("filtered", First with { TopK = 7, TopP = 0.9f, MinP = 0.01f }, 40, 4),
        ("other end tokens", First with { StopTokens = [4, 11] }, 40, 4), ("more end tokens", First with { StopTokens = [1, 2, 3] }, 40, 4),
        ("shorter answers", First with { MaxTokens = 7 }, 40, 4), ("longer prompts", First, 150, 4), ("short prompts again", First, 40, 4),
    ];

    public static IEnumerable<KernelCase> All() =>
        Precisions.Exact.Select(precision => new KernelCase(
            "Model.samples", $"llama, {precision}, recorded steps kept from call to call", device => Run(device, precision)));

    static void Run(IKernelDevice device, Precision precision)
    {
        using var checkpoint = new RandomCheckpoint(Shape);
        using CpuLanguageModel reference = CpuLanguageModel.Load(checkpoint, precision, new Placement { Threads = 1 });
        using IGenerator onCpu = reference.CreateGenerator();
        using CudaLanguageModel model = CudaLanguageModel.Load(device, checkpoint, precision, new Placement { Threads = 1, Batch = 64 });
        using IGenerator generator = model.CreateGenerator(useGraphs: true);
        foreach ((string what, DecodingSettings settings, int prompt, int samples) in Calls)
        {
            GenerationRequest[] requests =
                [GeneratorCases.Request(0, prompt, [.. Enumerable.Range(0, samples)]), GeneratorCases.Request(1, 2, 0)];
            List<Generation> expected = [], drawn = [];
            onCpu.Generate(requests, settings, expected.Add, CancellationToken.None);
            generator.Generate(requests, settings, drawn.Add, CancellationToken.None);
            try
            {
                GeneratorCases.MustEqual(drawn, expected);
            }
            catch (KernelMismatchException mismatch)
            {
                throw new KernelMismatchException($"{what}: {mismatch.Message}");
            }
        }
    }
}
