using Harness.Kernels.Decoding;
using Harness.Kernels.Models;
using Harness.Kernels.Models.Checkpoints;
using Harness.Tests.Shared;
using PtxInterpreter;

namespace Kernels.Tests.Ptx;

/// <summary>The committed model of the quickstart, decoded by the PTX that ships, step by recorded step.</summary>
[Parallelizable(ParallelScope.All)]
public class QuickstartDecodeTests
{
    [TestCase(Precision.W8A8, 3, TestName = "Few_samples_w8a8")]
    [TestCase(Precision.W8A8, 20, TestName = "Many_samples_w8a8")]
    [TestCase(Precision.F32, 5, TestName = "Some_samples_f32")]
    public void Samples_are_those_of_the_CPU(Precision precision, int samples)
    {
        using Checkpoint checkpoint = ModelFiles.Open(Path.Combine(Repository.Root, "results", "quickstart", "model"));
        GenerationRequest[] requests =
        [
            Request(checkpoint, 0, "sum 17 - 36 - 15 + 13 + 31 = think", samples),
            Request(checkpoint, 3, "countdown 20 20 2 13 -> 66 think", 1),
        ];
        DecodingSettings settings = new() { Seed = 1, Temperature = 1, MaxTokens = 4, StopTokens = checkpoint.Tokenizer!.EndTokens };
        using LanguageModel cpu = LanguageModel.Load(checkpoint, precision, new Placement { Threads = 1 });
        using var device = new InterpretedDevice();
        using CudaLanguageModel gpu = CudaLanguageModel.Load(device, checkpoint, precision, new Placement { Threads = 1, Batch = 32 });
        Assert.That(Draw(gpu, requests, settings), Is.EqualTo(Draw(cpu, requests, settings)));
    }

    static GenerationRequest Request(Checkpoint checkpoint, int problem, string text, int samples) =>
        new() { Problem = problem, Prompt = [checkpoint.Tokenizer!.BeginOfSequence!.Value, .. checkpoint.Tokenizer.Encode(text)], Samples = [.. Enumerable.Range(0, samples)] };

    static List<string> Draw(ILanguageModel model, GenerationRequest[] requests, DecodingSettings settings)
    {
        List<Generation> samples = [];
        using IGenerator generator = model.CreateGenerator();
        generator.Generate(requests, settings, samples.Add, CancellationToken.None);
        return [.. samples.OrderBy(sample => (sample.Problem, sample.Sample)).Select(sample =>
            $"{sample.Problem}.{sample.Sample}: {string.Join(' ', sample.Tokens)}; {string.Join(' ', sample.LogProbabilities)}; {sample.Finish}")];
    }
}
