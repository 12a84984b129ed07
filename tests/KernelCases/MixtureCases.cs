using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;

namespace KernelCases;

/// <summary>Mixtures of experts on a device against the same on the CPU: logits at every position, every token of every sample.</summary>
public static class MixtureCases
{
    public static IEnumerable<KernelCase> All()
    {
        foreach (Precision precision in Precisions.Exact)
        {
            foreach ((string name, ModelConfig config, bool ties) in Models())
            {
                // Pieces of a row, of few, and of many: of many rows the last piece has few.
                foreach ((int tokens, int piece) in new[] { (9, 1), (21, 6), (90, 64) })
                    yield return GeneratorCases.Logits(name, config, precision, tokens, piece, ties ? Tied : null);
                foreach ((int batch, bool graphs) in new[] { (1, true), (3, false), (16, true) })
                    yield return GeneratorCases.Samples(
                        name,
                        config,
                        precision,
                        Work(batch),
                        new Placement { Threads = 1, Batch = batch },
                        graphs,
                        ties ? Tied : null);
            }
        }
    }

    /// <summary>A mixture of any shape.</summary>
    public static IEnumerable<KernelCase> Random(Random random)
    {
        int count = random.Next(1, 70);
        var shape = new ExpertShape
        {
            Count = count,
            Active = random.Next(1, Math.Min(count, 9) + 1),
            Normalised = random.Next(2) == 0,
            SharedFeedForward = random.Next(2) * random.Next(1, 200),
        };
        ModelConfig config = Mixtral with { Layers = random.Next(1, 3), FeedForward = random.Next(1, 200), Experts = shape };
        string name = $"{shape.Active} of {count} experts of {config.FeedForward}{(shape.Normalised ? ", normalised" : "")}"
            + $"{(shape.HasShared ? $", a shared one of {shape.SharedFeedForward}" : "")}";
        foreach (Precision precision in Precisions.Exact)
        {
            yield return GeneratorCases.Logits(name, config, precision, random.Next(1, 200), random.Next(1, 200));
            yield return GeneratorCases.Samples(
                name, config, precision, Work(2), new Placement { Threads = 1, Batch = random.Next(1, 40) }, graphs: random.Next(2) == 0);
        }
    }

    internal static ModelConfig Mixtral => GeneratorCases.Llama with
    {
        Architecture = "mixtral",
        FeedForward = 40,
        Experts = new ExpertShape { Count = 5, Active = 2, Normalised = true },
    };

    internal static ModelConfig Qwen2Moe => GeneratorCases.Qwen2 with
    {
        Architecture = "qwen2_moe",
        Layers = 1,
        FeedForward = 34,
        Experts = new ExpertShape { Count = 37, Active = 4, Normalised = false, SharedFeedForward = 90 },
    };

    static IEnumerable<(string Name, ModelConfig Config, bool Ties)> Models() =>
    [
        ("mixtral", Mixtral, false),
        ("qwen2_moe, a shared expert", Qwen2Moe, false),
        ("mixtral, ties and an expert that no row passes", Mixtral with { Layers = 1 }, true),
    ];

    /// <summary>All logits of a router are equal but that of expert 1, so that no row passes expert 3 or 4.</summary>
    static void Tied(RandomCheckpoint checkpoint)
    {
        ModelConfig config = checkpoint.Config;
        for (int layer = 0; layer < config.Layers; layer++)
        {
            float[] router = checkpoint[TensorNames.InLayer(layer, TensorNames.Router)];
            for (int i = 2 * config.Width; i < router.Length; i++)
                router[i] = router[i % config.Width];
        }
    }

    static GeneratorCases.Work Work(int batch) =>
        GeneratorCases.Mixed with { Settings = GeneratorCases.Mixed.Settings with { MaxTokens = batch == 1 ? 2 : 5 } };
}
