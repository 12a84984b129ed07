using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Decoding.Device;
using Harness.Kernels.Driver;
using Harness.Kernels.Models;

namespace KernelCases;

/// <summary>Whole models on a device against the same on the CPU: logits at every position, and every token of every sample.</summary>
public static class GeneratorCases
{
    /// <summary>Shapes small enough for an interpreter.</summary>
    public static IEnumerable<KernelCase> All()
    {
        foreach (Precision precision in Precisions.Exact)
        {
            yield return Logits("llama", Llama, precision, tokens: 70, piece: 64);
            yield return Logits("llama", Llama, precision, tokens: 70, piece: 7);
            yield return Logits("qwen2, biases, untied", Qwen2, precision, tokens: 12, piece: 12);
            yield return Logits("qwen3, head norms", Qwen3, precision, tokens: 12, piece: 5);
            yield return Samples("llama, all at once", Llama, precision, Mixed, new Placement { Threads = 1, Batch = 16 }, graphs: true);
            yield return Samples("llama, in turns", Llama, precision, Mixed, new Placement { Threads = 1, Batch = 3 }, graphs: false);
            yield return Samples(
                "llama, one by one",
                Llama,
                precision,
                Mixed with { Settings = Mixed.Settings with { MaxTokens = 3 } },
                new Placement { Threads = 1, Batch = 1 },
                graphs: true);
            yield return Samples("qwen2, filtered", Qwen2, precision, Filtered, new Placement { Threads = 1, Batch = 4 }, graphs: true);
            yield return Samples("qwen3, greedy", Qwen3, precision, Greedy, new Placement { Threads = 1, Batch = 4 }, graphs: true);
        }
        foreach (bool graphs in new[] { true, false })
        {
            yield return Samples(
                "llama, heads of whole blocks", WholeBlocks, Precision.W8A8, Mixed, new Placement { Threads = 1, Batch = 16 }, graphs);
            yield return Samples(
                "llama, heads of whole blocks, one by one",
                WholeBlocks,
                Precision.W8A8,
                Mixed,
                new Placement { Threads = 1, Batch = 1 },
                graphs);
        }
        yield return Samples(
            "qwen3, heads of whole blocks, many of a prompt",
            WholeBlocks with { Architecture = "qwen3", HeadNorms = true, HeadWidth = 64 },
            Precision.W8A8,
            ManyOfOne,
            new Placement { Threads = 1, Batch = 12 },
            graphs: true);
        yield return Samples(
            "llama, large vocabulary",
            Llama with { Layers = 1, Vocabulary = 20_000 },
            Precision.W8A8,
            Mixed with { Settings = Mixed.Settings with { MaxTokens = 3 } },
            new Placement { Threads = 1, Batch = 3 },
            graphs: true);
        yield return LittleMemory();
        yield return ShorterAnswers();
    }

    /// <summary>A model of any shape, and samples of prompts of any length.</summary>
    public static IEnumerable<KernelCase> Random(Random random)
    {
        int kvHeads = random.Next(1, 4), group = random.Next(1, 5), width = 2 * random.Next(4, 80);
        ModelConfig config = Llama with
        {
            Layers = random.Next(1, 4),
            Width = width,
            KvHeads = kvHeads,
            Heads = kvHeads * group,
            HeadWidth = 2 * random.Next(2, 65),
            FeedForward = random.Next(1, 300),
            Vocabulary = random.Next(33, 2000),
            TiedEmbedding = random.Next(2) == 0,
            QkvBias = random.Next(2) == 0,
            HeadNorms = random.Next(2) == 0,
            ContextLength = 512,
        };
        Work work = new(
            [.. Enumerable.Range(0, random.Next(1, 6))
                .Select(problem => Request(problem, random.Next(1, 200), [.. Enumerable.Range(0, random.Next(1, 40))]))],
            new DecodingSettings
            {
                Seed = (ulong)random.Next(),
                Temperature = 0.5f + random.NextSingle(),
                MaxTokens = random.Next(1, 90),
                StopTokens = [random.Next(33)]
            });
        string name = $"d {config.Width}, {config.Layers} layers, {config.Heads} heads of {config.HeadWidth} on {config.KvHeads}, ffn "
            + $"{config.FeedForward}, vocabulary {config.Vocabulary}";
        foreach (Precision precision in Precisions.Exact)
        {
            yield return Logits(name, config, precision, random.Next(1, 300), random.Next(1, 300));
            yield return Samples(
                name, config, precision, work, new Placement { Threads = 1, Batch = random.Next(1, 100) }, graphs: random.Next(3) > 0);
        }
    }

    internal static ModelConfig Llama => new()
    {
        Architecture = "llama",
        Layers = 2,
        Width = 48,
        Heads = 6,
        KvHeads = 2,
        HeadWidth = 8,
        FeedForward = 72,
        Vocabulary = 50,
        ContextLength = 256,
        NormEpsilon = 1e-5f,
        RopeTheta = 10000,
        TiedEmbedding = true,
    };

    internal static ModelConfig Qwen2 =>
        Llama with
        {
            Architecture = "qwen2",
            QkvBias = true,
            TiedEmbedding = false,
            Width = 70,
            Heads = 4,
            KvHeads = 4,
            HeadWidth = 20,
            FeedForward = 130
        };

    internal static ModelConfig Qwen3 =>
        Llama with
        {
            Architecture = "qwen3",
            HeadNorms = true,
            Width = 64,
            Heads = 3,
            KvHeads = 1,
            HeadWidth = 40,
            FeedForward = 64,
            Vocabulary = 33
        };

    /// <summary>A model in which a step's attention is one launch where rows are few.</summary>
    static ModelConfig WholeBlocks => Llama with { Heads = 4, KvHeads = 2, HeadWidth = 32, QkvBias = true };

    /// <summary>Enough samples of one prompt that they read it together, and one of another.</summary>
    static Work ManyOfOne => new(
        [Request(0, 70, [.. Enumerable.Range(0, 14)]), Request(1, 66, 0)],
        new DecodingSettings { Seed = 11, Temperature = 1.1f, MaxTokens = 5, StopTokens = [3] });

    internal static Work Mixed => new(
        [Request(0, 5, 0, 1, 2), Request(4, 64, 0, 7), Request(5, 70, 2, 3, 1), Request(9, 1, 0)],
        new DecodingSettings { Seed = 7, Temperature = 0.9f, MaxTokens = 9, StopTokens = [3, 9] });

    static Work Filtered => new(
        [Request(1, 6, 0, 1, 2, 3, 4, 5)],
        new DecodingSettings { Seed = 3, Temperature = 1.3f, TopK = 12, TopP = 0.9f, MinP = 0.02f, MaxTokens = 6 });

    static Work Greedy => new([Request(0, 3, 0), Request(2, 9, 0, 1)], new DecodingSettings { Seed = 1, Temperature = 0, MaxTokens = 6 });

    internal static GenerationRequest Request(int problem, int tokens, params int[] samples) =>
        new() { Problem = problem, Prompt = [.. Enumerable.Range(0, tokens).Select(i => ((i * 17) + problem) % 33)], Samples = samples };

    /// <param name="edit">Changes the random weights.</param>
    internal static KernelCase Logits(
        string name, ModelConfig config, Precision precision, int tokens, int piece, Action<RandomCheckpoint>? edit = null) =>
        new("Model.logits", $"{name}, {precision}, {tokens} tokens in pieces of {piece}", device =>
        {
            using var checkpoint = new RandomCheckpoint(config);
            edit?.Invoke(checkpoint);
            int[] text = [.. Enumerable.Range(0, tokens).Select(i => i * 7 % config.Vocabulary)];
            var expected = new float[tokens][];
            using (CpuLanguageModel reference = CpuLanguageModel.Load(checkpoint, precision, new Placement { Threads = 1 }))
                reference.Evaluate(text, (position, logits) => expected[position] = logits.ToArray());
            using CudaLanguageModel model =
                CudaLanguageModel.Load(device, checkpoint, precision, new Placement { Threads = 1, Batch = 64 });
            int seen = 0;
            model.Evaluate(text, (position, logits) =>
            {
                seen++;
                for (int i = 0; i < logits.Length; i++)
                {
                    if (BitConverter.SingleToInt32Bits(logits[i]) != BitConverter.SingleToInt32Bits(expected[position][i]))
                        throw new KernelMismatchException(
                            $"logit {i} at position {position} is {logits[i]:R}, and on the CPU {expected[position][i]:R}");
                }
            }, piece);
            if (seen != tokens)
                throw new KernelMismatchException($"{seen} positions of {tokens}");
        });

    /// <param name="edit">Changes the random weights.</param>
    internal static KernelCase Samples(
        string name,
        ModelConfig config,
        Precision precision,
        Work work,
        Placement placement,
        bool graphs,
        Action<RandomCheckpoint>? edit = null) =>
        new("Model.samples", $"{name}, {precision}, batch {placement.Batch}, {(graphs ? "graphs" : "no graphs")}", device =>
        {
            using var checkpoint = new RandomCheckpoint(config);
            edit?.Invoke(checkpoint);
            Compare(device, checkpoint, precision, work, placement, graphs);
        });

    /// <summary>A budget that holds few pages at a time: samples wait for one another, and nothing else changes.</summary>
    static KernelCase LittleMemory() => new("Model.samples", "llama, W8A8, little memory", device =>
    {
        using var checkpoint = new RandomCheckpoint(Llama);
        Int128 needed = CudaTransformer.WeightBytes(Llama, Precision.W8A8)
            + CudaTransformer.PassBytes(Llama, Precision.W8A8, new TransformerLimits(1024, 8))
            + (24 * DeviceLayout.PageBytes(Llama, Precision.W8A8)) + (2 << 20);
        Compare(
            device, checkpoint, Precision.W8A8, Mixed, new Placement { Threads = 1, Batch = 8, MemoryBytes = (long)needed }, graphs: true);
    });

    /// <summary>
    /// Samples that enter in turns, in memory kept from longer answers: those that have ended must not write where others' pages are.
    /// </summary>
    static KernelCase ShorterAnswers() => new("Model.samples", "llama, W8A8, shorter answers than before", device =>
    {
        using var checkpoint = new RandomCheckpoint(Llama);
        GenerationRequest[] requests = [Request(0, 40, [.. Enumerable.Range(0, 12)])];
        var settings = new DecodingSettings { Seed = 5, Temperature = 1.5f, MaxTokens = 24, StopTokens = [3, 9] };
        List<Generation> expected = [], drawn = [];
        using (CpuLanguageModel reference = CpuLanguageModel.Load(checkpoint, Precision.W8A8, new Placement { Threads = 1 }))
        using (IGenerator generator = reference.CreateGenerator())
            generator.Generate(requests, settings, expected.Add, CancellationToken.None);
        using CudaLanguageModel model =
            CudaLanguageModel.Load(device, checkpoint, Precision.W8A8, new Placement { Threads = 1, Batch = 3 });
        using (IGenerator generator = model.CreateGenerator(useGraphs: true))
        {
            generator.Generate([Request(0, 40, 0, 1, 2)], settings with { MaxTokens = 40 }, _ => { }, CancellationToken.None);
            generator.Generate(requests, settings, drawn.Add, CancellationToken.None);
        }
        MustEqual(drawn, expected);
    });

    static void Compare(IKernelDevice device, RandomCheckpoint checkpoint, Precision precision, Work work, Placement placement, bool graphs)
    {
        List<Generation> expected = [];
        using (CpuLanguageModel reference = CpuLanguageModel.Load(checkpoint, precision, new Placement { Threads = 1 }))
        using (IGenerator generator = reference.CreateGenerator())
            generator.Generate(work.Requests, work.Settings, expected.Add, CancellationToken.None);
        MustEqual(Draw(device, checkpoint, precision, work, placement, graphs), expected);
    }

    internal static List<Generation> Draw(
        IKernelDevice device, RandomCheckpoint checkpoint, Precision precision, Work work, Placement placement, bool graphs)
    {
        List<Generation> drawn = [];
        using CudaLanguageModel model = CudaLanguageModel.Load(device, checkpoint, precision, placement);
        using IGenerator generator = model.CreateGenerator(graphs);
        generator.Generate(work.Requests, work.Settings, drawn.Add, CancellationToken.None);
        return drawn;
    }

    internal static void MustEqual(List<Generation> actual, List<Generation> expected)
    {
        if (actual.Count != expected.Count)
            throw new KernelMismatchException($"{actual.Count} samples, and on the CPU {expected.Count}");
        foreach ((Generation a, Generation e) in actual.OrderBy(Order).Zip(expected.OrderBy(Order)))
        {
            string sample = $"problem {e.Problem}, sample {e.Sample}";
            if (Order(a) != Order(e) || !a.Tokens.SequenceEqual(e.Tokens))
                throw new KernelMismatchException(
                    $"{sample}: tokens {string.Join(' ', a.Tokens)}, and on the CPU {string.Join(' ', e.Tokens)}");
            if (!a.LogProbabilities.SequenceEqual(e.LogProbabilities) || a.Finish != e.Finish)
                throw new KernelMismatchException($"{sample}: log-probabilities {string.Join(' ', a.LogProbabilities)} {a.Finish}, and on "
                    + $"the CPU {string.Join(' ', e.LogProbabilities)} {e.Finish}");
        }
    }

    static (int Problem, int Sample) Order(Generation generation) => (generation.Problem, generation.Sample);

    /// <summary>What is drawn, and how.</summary>
    internal sealed record Work(GenerationRequest[] Requests, DecodingSettings Settings);
}
