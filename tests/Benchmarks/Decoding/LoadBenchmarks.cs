using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;

namespace Harness.Benchmarks.Decoding;

/// <summary>From a cold process to the first token of the model file that HARNESS_DATA holds.</summary>
[SimpleJob(RunStrategy.ColdStart, launchCount: 5, warmupCount: 0, iterationCount: 1)]
public class LoadBenchmarks
{
    const string Model = "models/SmolLM2-135M-Instruct.Q4_1.gguf";

    [Params("The first token is")]
    public string Prompt { get; set; } = "";

    [Benchmark]
    public int OpenToFirstToken()
    {
        string folder = Environment.GetEnvironmentVariable("HARNESS_DATA")
            ?? throw new InvalidOperationException($"HARNESS_DATA names no folder with {Model}");
        using Checkpoint checkpoint = ModelFiles.Open(Path.Combine(folder, Model));
        using CpuLanguageModel model = CpuLanguageModel.Load(checkpoint, Precision.W8A8, new Placement());
        using CpuGenerator generator = new(model);
        int first = -1;
        GenerationRequest request = new() { Problem = 0, Prompt = checkpoint.Tokenizer!.Encode(Prompt), Samples = [0] };
        DecodingSettings settings = new() { Seed = 1, Temperature = 0, MaxTokens = 1 };
        generator.Generate([request], settings, generation => first = generation.Tokens[0], CancellationToken.None);
        return first;
    }
}
