using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Decoding.Device;
using Harness.Kernels.Driver;
using Harness.Kernels.Models;

namespace KernelCases;

/// <summary>
/// Whole models in bf16: logits near float32's, and the same samples whatever is decoded beside them. The four matrices of a block and the
/// last round their inputs and their weights by at most 2^-9 of each, so that logits may be off by 2^-8 a matrix, to first order.
/// </summary>
public static class Bf16ModelCases
{
    const double RoundingOfMatrix = 1.0 / (1 << 8);

    /// <summary>Nats a token; what `harness check` allows w8a8.</summary>
    const double MostDivergence = 0.02;

    public static IEnumerable<KernelCase> All()
    {
        yield return Near("llama", GeneratorCases.Llama, tokens: 70);
        yield return Near("qwen2, biases, untied", GeneratorCases.Qwen2, tokens: 12);
        yield return Near("qwen3, head norms", GeneratorCases.Qwen3, tokens: 12);
        yield return new KernelCase("Model.logits", "llama, Bf16, the same in pieces of any length", PiecesAgree);
        yield return new KernelCase("Model.samples", "llama, Bf16, the same at any batch, with graphs and without", BatchesAgree);
    }

    static KernelCase Near(string name, ModelConfig config, int tokens) =>
        new("Model.logits", $"{name}, Bf16, {tokens} tokens near float32's", device =>
    {
        using var checkpoint = new RandomCheckpoint(config);
        int[] text = Text(config, tokens);
        var expected = new float[tokens][];
        using (CpuLanguageModel reference = CpuLanguageModel.Load(checkpoint, Precision.F32, new Placement { Threads = 1 }))
            reference.Evaluate(text, (position, logits) => expected[position] = logits.ToArray());
        float[][] actual = Logits(device, checkpoint, text, tokens);
        double difference = 0, magnitude = 0, divergence = 0;
        for (int position = 0; position < tokens; position++)
        {
            divergence += LogitDivergence.Between(expected[position], actual[position]) / tokens;
            for (int i = 0; i < config.Vocabulary; i++)
            {
                magnitude += Math.Pow(expected[position][i], 2);
                difference += Math.Pow(expected[position][i] - actual[position][i], 2);
            }
        }
        double relative = Math.Sqrt(difference / magnitude), allowed = RoundingOfMatrix * ((4 * config.Layers) + 1);
        if (!(relative <= allowed))
            throw new KernelMismatchException($"logits are {relative:P2} from float32's, and {allowed:P2} is allowed");
        if (!(divergence <= MostDivergence))
            throw new KernelMismatchException(
                $"the divergence from float32 is {divergence:G3} nats a token, and {MostDivergence} is allowed");
        if (relative == 0)
            throw new KernelMismatchException("logits are float32's own: nothing was rounded");
    });

    static void PiecesAgree(IKernelDevice device)
    {
        using var checkpoint = new RandomCheckpoint(GeneratorCases.Llama);
        int[] text = Text(GeneratorCases.Llama, 70);
        float[][] whole = Logits(device, checkpoint, text, 64);
        foreach (int piece in new[] { 7, 33 })
        {
            float[][] pieces = Logits(device, checkpoint, text, piece);
            for (int position = 0; position < text.Length; position++)
            {
                if (!pieces[position].SequenceEqual(whole[position]))
                    throw new KernelMismatchException($"logits at position {position} differ in pieces of {piece}");
            }
        }
    }

    static void BatchesAgree(IKernelDevice device)
    {
        using var checkpoint = new RandomCheckpoint(GeneratorCases.Llama);
        List<Generation> first = GeneratorCases.Draw(
            device, checkpoint, Precision.Bf16, GeneratorCases.Mixed, new Placement { Threads = 1, Batch = 20 }, graphs: true);
        foreach ((int batch, bool graphs) in new[] { (3, false), (1, true) })
            GeneratorCases.MustEqual(
                GeneratorCases.Draw(
                    device, checkpoint, Precision.Bf16, GeneratorCases.Mixed, new Placement { Threads = 1, Batch = batch }, graphs),
                first);
    }

    static float[][] Logits(IKernelDevice device, RandomCheckpoint checkpoint, int[] text, int piece)
    {
        using CudaLanguageModel model =
            CudaLanguageModel.Load(device, checkpoint, Precision.Bf16, new Placement { Threads = 1, Batch = 64 });
        var seen = new float[text.Length][];
        model.Evaluate(text, (position, logits) => seen[position] = logits.ToArray(), piece);
        return seen;
    }

    static int[] Text(ModelConfig config, int tokens) => [.. Enumerable.Range(0, tokens).Select(i => i * 7 % config.Vocabulary)];
}
