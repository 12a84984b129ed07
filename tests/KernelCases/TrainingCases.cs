using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.Training;
using Harness.Kernels.Training.Device;

namespace KernelCases;

/// <summary>Whole trainings of small models on a device against the CPU's: losses, norms, log-probabilities, weights and moments.</summary>
public static class TrainingCases
{
    /// <summary>Coefficient of the loss that balances experts, where there are any.</summary>
    public const double BalanceLoss = 0.05;

    static readonly AdamWSettings Settings = new() { ClipNorm = 0.5 };

    /// <summary>Heads that share keys; an odd feed-forward width.</summary>
    public static ModelConfig Tied => GeneratorCases.Llama with
    {
        Width = 24,
        Heads = 4,
        KvHeads = 2,
        HeadWidth = 6,
        FeedForward = 33,
        Vocabulary = 41,
    };

    /// <summary>Odd widths, a head of its own.</summary>
    public static ModelConfig Untied => GeneratorCases.Llama with
    {
        Layers = 1,
        Width = 17,
        Heads = 3,
        KvHeads = 1,
        HeadWidth = 10,
        FeedForward = 70,
        Vocabulary = 35,
        TiedEmbedding = false,
    };

    /// <summary>Experts of which some get more than a block of 64 of a batch's tokens, some less.</summary>
    public static ModelConfig Mixture => Tied with
    {
        Architecture = "mixtral",
        FeedForward = 11,
        Experts = new ExpertShape { Count = 5, Active = 2, Normalised = true },
    };

    /// <summary>More experts than a warp has lanes, and than a short batch has tokens for, weighed among all.</summary>
    public static ModelConfig ManyExperts => Untied with
    {
        Architecture = "qwen2_moe",
        FeedForward = 8,
        Experts = new ExpertShape { Count = 37, Active = 3, Normalised = false },
    };

    public static IEnumerable<KernelCase> All()
    {
        yield return Case("tied, micro-batches of 64", Tied, loops: 1, microBatch: 1, steps: 3, sequences: 20, longest: 70);
        yield return Case("untied, one micro-batch a group", Untied, loops: 1, microBatch: 0, steps: 3, sequences: 20, longest: 131);
        yield return Case(
            "layers passed three times", Tied with { Layers = 1, Width = 16 }, loops: 3, microBatch: 1, steps: 3, sequences: 10,
            longest: 9);
        yield return Case("mixture, micro-batches of 64", Mixture, loops: 1, microBatch: 1, steps: 3, sequences: 20, longest: 70);
        yield return Case(
            "mixture, one micro-batch a group", Mixture with { Layers = 1 }, loops: 1, microBatch: 0, steps: 3, sequences: 70, longest: 40);
        yield return Case(
            "mixture of one expert", Mixture with { Layers = 1, Experts = new ExpertShape { Count = 1, Active = 1, Normalised = true } },
            loops: 1, microBatch: 1, steps: 2, sequences: 20, longest: 9);
        yield return Case("many experts", ManyExperts, loops: 1, microBatch: 1, steps: 3, sequences: 6, longest: 30);
        // At most 12 tokens choose three experts each.
        yield return Case("experts that no token chooses", ManyExperts, loops: 1, microBatch: 1, steps: 2, sequences: 1, longest: 3);
        yield return Case(
            "mixture, layers passed three times", Mixture with { Layers = 1, Width = 16 }, loops: 3, microBatch: 1, steps: 3, sequences: 20,
            longest: 20);
    }

    /// <summary>A model and batches of any shape.</summary>
    public static IEnumerable<KernelCase> Random(Random random)
    {
        int kvHeads = random.Next(1, 4);
        ModelConfig config = GeneratorCases.Llama with
        {
            Layers = random.Next(1, 4),
            Width = random.Next(1, 160),
            KvHeads = kvHeads,
            Heads = kvHeads * random.Next(1, 4),
            HeadWidth = 2 * random.Next(1, 50),
            FeedForward = random.Next(1, 300),
            Vocabulary = random.Next(33, 1500),
            TiedEmbedding = random.Next(2) == 0,
        };
        string name = $"d {config.Width}, {config.Layers} layers, {config.Heads} heads of {config.HeadWidth} on {config.KvHeads}, ffn "
            + $"{config.FeedForward}, vocabulary {config.Vocabulary}";
        yield return Case(
            name, config, random.Next(1, 4), random.Next(2) == 0 ? 0 : random.Next(1, 2000), steps: 3, random.Next(1, 100),
            random.Next(2, 257));
        int experts = random.Next(1, 50);
        ModelConfig mixture = config with
        {
            FeedForward = random.Next(1, 100),
            Experts = new ExpertShape
            {
                Count = experts,
                Active = random.Next(1, Math.Min(experts, 8) + 1),
                Normalised = random.Next(2) == 0,
            },
        };
        yield return Case(
            $"{name}, {mixture.Experts.Active} of {experts} experts of {mixture.FeedForward}", mixture, random.Next(1, 3),
            random.Next(2) == 0 ? 0 : random.Next(1, 2000), steps: 3, random.Next(1, 100), random.Next(2, 257));
    }

    /// <summary>
    /// Short sequences with padding and masked tokens, some with weight 2; long ones, of several chunks where there are enough; one alone.
    /// </summary>
    public static TrainingBatch Batch(ModelConfig config, int seed, int sequences, int longest)
    {
        var random = new Random(seed);
        TrainingSequence Sequence(int length) => new()
        {
            Tokens = [.. Enumerable.Range(0, length).Select(_ => random.Next(config.Vocabulary))],
            Weights = [.. Enumerable.Range(0, length).Select(i => i < length / 3 ? 0f : random.Next(4) == 0 ? 2f : 1f)],
        };
        return new TrainingBatch(
        [
            new SequenceGroup
            {
                PaddedLength = 9,
                Sequences = [.. Enumerable.Range(0, sequences).Select(_ => Sequence(random.Next(2, 10)))],
            },
            SequenceGroup.Of([Sequence(longest), Sequence(Math.Max(2, longest - 3))]),
            SequenceGroup.Of([Sequence(2)]),
        ]);
    }

    static KernelCase Case(string name, ModelConfig config, int loops, int microBatch, int steps, int sequences, int longest) => new(
        "Training.steps",
        $"{name}, {loops} passes, {sequences} sequences and 2 of {longest} tokens",
        device => Run(device, config, loops, microBatch, steps, sequences, longest));

    static void Run(IKernelDevice device, ModelConfig config, int loops, int microBatch, int steps, int sequences, int longest)
    {
        var initial = new InitialWeights(7, 0.1);
        using CpuTrainer expected = CpuTrainer.Create(config, initial, Settings, new TrainingPlacement { Threads = 1 }, loops, BalanceLoss);
        using CudaTrainer trainer = CudaTrainer.Create(
            device, config, initial, Settings, new TrainingPlacement { MicroBatchTokens = microBatch }, loops, BalanceLoss);
        for (int step = 1; step <= steps; step++)
        {
            // Looped models pass their layers a random number of times.
            int passes = 1 + ((step + loops - 2) % loops);
            TrainingBatch batch = Batch(config, step, sequences, longest);
            MustEqual(trainer.Step(batch, 3e-3, passes), expected.Step(batch, 3e-3, passes), $"step {step}");
            MustEqual(trainer.LogProbabilities, expected.LogProbabilities, $"step {step}");
            MustEqual(trainer.WeightsHash(), expected.WeightsHash(), $"hash of the weights of step {step}");
        }
        TrainingBatch held = Batch(config, 0, 2, longest);
        MustEqual(trainer.Evaluate(held, loops), expected.Evaluate(held, loops), "loss without learning");
        MustEqual(trainer.LogProbabilities, expected.LogProbabilities, "evaluation");
    }

    static void MustEqual<T>(T actual, T expected, string what) where T : IEquatable<T>
    {
        if (!actual.Equals(expected))
            throw new KernelMismatchException($"{what}: {actual}, and on the CPU {expected}");
    }

    static void MustEqual(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, string what)
    {
        MustEqual(actual.Length, expected.Length, $"{what}: log-probabilities");
        for (int i = 0; i < actual.Length; i++)
            MustEqual(
                BitConverter.SingleToInt32Bits(actual[i]), BitConverter.SingleToInt32Bits(expected[i]), $"{what}: log-probability {i}");
    }
}
