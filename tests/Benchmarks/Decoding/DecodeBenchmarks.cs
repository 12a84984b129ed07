using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;

namespace Harness.Benchmarks.Decoding;

/// <summary>
/// Decoding on all processors, in tokens: SmolLM2-135M's shape after a 128-token prompt and the embedded model's after 12 tokens. Divide
/// the model's multiply-adds a token by the time to compare with a ceiling; `harness bench` does so beside the ceiling.
/// </summary>
[SimpleJob(launchCount: 1, warmupCount: 2, iterationCount: 10)]
[SuppressMessage("Design", "CA1001", Justification = "BenchmarkDotNet calls the cleanup, and derives from the class.")]
public class DecodeBenchmarks
{
    const int Tokens = 16;

    Checkpoint checkpoint = null!;
    CpuLanguageModel model = null!;
    CpuGenerator generator = null!;
    int[] prompt = [];

    public static IEnumerable<DecodeWork> Works =>
    [
        new("SmolLM2-135M", "synthetic:135m?context=2048", 128, 1),
        new("SmolLM2-135M", "synthetic:135m?context=2048", 128, 64),
        new("quickstart", "synthetic:llama?d=96&layers=4&heads=6&kv=6&ffn=256&vocab=128&context=128", 12, 256),
    ];

    [ParamsSource(nameof(Works))]
    public DecodeWork Work { get; set; } = null!;

    [GlobalSetup]
    public void Setup()
    {
        checkpoint = ModelFiles.Open(Work.Model);
        model = CpuLanguageModel.Load(checkpoint, Precision.W8A8, new Placement { Batch = Work.Samples });
        generator = new CpuGenerator(model);
        prompt = [.. Enumerable.Range(0, Work.PromptTokens).Select(i => (i * 7919) % checkpoint.Config.Vocabulary)];
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (IDisposable part in new IDisposable[] { generator, model, checkpoint })
            part.Dispose();
    }

    /// <summary>The prompt's pass and the first token of each sample.</summary>
    [Benchmark(Baseline = true)]
    public void Prefill() => Generate(1);

    /// <summary>The same, and 16 decoding steps.</summary>
    [Benchmark]
    public void PrefillAndSteps() => Generate(1 + Tokens);

    void Generate(int tokens) => generator.Generate(
        [new GenerationRequest { Problem = 0, Prompt = prompt, Samples = [.. Enumerable.Range(0, Work.Samples)] }],
        new DecodingSettings { Seed = 1, Temperature = 1, MaxTokens = tokens },
        _ => { },
        CancellationToken.None);
}

/// <summary>One shape and batch.</summary>
public sealed record DecodeWork(string Name, string Model, int PromptTokens, int Samples)
{
    public override string ToString() => $"{Name}, {Samples} samples";
}
