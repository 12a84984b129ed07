using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Decoding.Device;
using Harness.Kernels.Models;
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
        using Checkpoint checkpoint = ModelFiles.Open(Path.Combine(Repository.Root, "results", "base-model", "model"));
        GenerationRequest[] requests =
        [
            Request(checkpoint, 0, "sum 17 - 36 - 15 + 13 + 31 = think", samples),
            Request(checkpoint, 3, "countdown 20 20 2 13 -> 66 think", 1),
        ];
        DecodingSettings settings = new() { Seed = 1, Temperature = 1, MaxTokens = 4, StopTokens = checkpoint.Tokenizer!.EndTokens };
        using CpuLanguageModel cpu = CpuLanguageModel.Load(checkpoint, precision, new Placement { Threads = 1 });
        using var device = new InterpretedDevice();
        using CudaLanguageModel gpu = CudaLanguageModel.Load(device, checkpoint, precision, new Placement { Threads = 1, Batch = 32 });
        Assert.That(Draw(gpu, requests, settings), Is.EqualTo(Draw(cpu, requests, settings)));
    }

    [Test]
    public void Bf16_predicts_nearly_what_float32_does()
    {
        using Checkpoint checkpoint = ModelFiles.Open(Path.Combine(Repository.Root, "results", "base-model", "model"));
        GenerationRequest request = Request(checkpoint, 0, "sum 17 - 36 - 15 + 13 + 31 = think", 1);
        DecodingSettings settings = new() { Seed = 1, Temperature = 1, MaxTokens = 30, StopTokens = checkpoint.Tokenizer!.EndTokens };
        using CpuLanguageModel cpu = CpuLanguageModel.Load(checkpoint, Precision.F32, new Placement { Threads = 1 });
        List<Generation> written = [];
        using (IGenerator generator = cpu.CreateGenerator())
            generator.Generate([request], settings, written.Add, CancellationToken.None);
        int[] text = [.. request.Prompt, .. written[0].Tokens];
        var expected = new float[text.Length][];
        cpu.Evaluate(text, (position, logits) => expected[position] = logits.ToArray());
        using var device = new InterpretedDevice();
        using CudaLanguageModel gpu = CudaLanguageModel.Load(device, checkpoint, Precision.Bf16, new Placement { Threads = 1, Batch = 32 });
        double divergence = 0;
        int same = 0;
        gpu.Evaluate(text, (position, logits) =>
        {
            divergence += LogitDivergence.Between(expected[position], logits) / text.Length;
            same += LogitDivergence.Best(expected[position]) == LogitDivergence.Best(logits) ? 1 : 0;
        });
        TestContext.Out.WriteLine($"{divergence:G3} nats a token, {same} of {text.Length} best tokens the same");
        // Nearer than w8a8, which is 0.0006 from float32 on this model.
        Assert.That(divergence, Is.InRange(1e-12, 0.0006));
        Assert.That(same, Is.GreaterThanOrEqualTo(text.Length - 2));
    }

    static GenerationRequest Request(Checkpoint checkpoint, int problem, string text, int samples) =>
        new()
        {
            Problem = problem,
            Prompt = [checkpoint.Tokenizer!.BeginOfSequence!.Value, .. checkpoint.Tokenizer.Encode(text)],
            Samples = [.. Enumerable.Range(0, samples)]
        };

    static List<string> Draw(ILanguageModel model, GenerationRequest[] requests, DecodingSettings settings)
    {
        List<Generation> samples = [];
        using IGenerator generator = model.CreateGenerator();
        generator.Generate(requests, settings, samples.Add, CancellationToken.None);
        return [.. samples.OrderBy(sample => (sample.Problem, sample.Sample)).Select(sample =>
            $"{sample.Problem}.{sample.Sample}: {string.Join(' ', sample.Tokens)}; {string.Join(' ', sample.LogProbabilities)}; "
            + $"{sample.Finish}")];
    }
}
