using System.Security.Cryptography;
using System.Text;
using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Tokenizers;

namespace KernelCases;

/// <summary>A model of random weights in memory, of any shape.</summary>
public sealed class RandomCheckpoint : Checkpoint
{
    readonly Dictionary<string, float[]> tensors = [];

    public RandomCheckpoint(ModelConfig config, int seed = 1)
    {
        Config = config;
        Random random = new(seed);
        Fill(TensorNames.Embedding, config.Vocabulary * config.Width, 1);
        Fill(TensorNames.FinalNorm, config.Width, 0.5, 1);
        if (!config.TiedEmbedding)
            Fill(TensorNames.Head, config.Vocabulary * config.Width, 0.2);
        for (int layer = 0; layer < config.Layers; layer++)
        {
            void Part(string part, int length, double scale, double offset = 0) =>
                Fill(TensorNames.InLayer(layer, part), length, scale, offset);
            Part("attention_norm", config.Width, 0.5, 1);
            Part("ffn_norm", config.Width, 0.5, 1);
            Part("q", config.QueryWidth * config.Width, 0.3);
            Part("k", config.KvWidth * config.Width, 0.3);
            Part("v", config.KvWidth * config.Width, 0.2);
            Part("o", config.QueryWidth * config.Width, 0.2);
            foreach ((string prefix, int width) in FeedForwards(config))
            {
                Part(prefix + "gate", width * config.Width, 0.2);
                Part(prefix + "up", width * config.Width, 0.2);
                Part(prefix + "down", width * config.Width, 0.2);
            }
            Part("q_bias", config.QueryWidth, 0.5);
            Part("k_bias", config.KvWidth, 0.5);
            Part("v_bias", config.KvWidth, 0.5);
            Part("q_norm", config.HeadWidth, 0.5, 1);
            Part("k_norm", config.HeadWidth, 0.5, 1);
            if (config.Experts is not { } experts)
                continue;
            Part("router", experts.Count * config.Width, 0.3);
            Part("shared.router", config.Width, 0.3);
        }

        void Fill(string name, int length, double scale, double offset = 0) =>
            tensors[name] = Enumerable.Range(0, length).Select(_ => (float)(offset + (scale * ((2 * random.NextDouble()) - 1)))).ToArray();
    }

    public override ModelConfig Config { get; }

    public override Tokenizer? Tokenizer => null;

    public override ChatTemplate? ChatTemplate => null;

    public override string ContentHash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Config.ToString())));

    public override bool Has(string tensor) => tensors.ContainsKey(tensor);

    public float[] this[string tensor] => tensors[tensor];

    public override void ReadRows(string tensor, int firstRow, Span<float> destination)
    {
        float[] values = tensors[tensor];
        int columns = tensor switch
        {
            TensorNames.Embedding or TensorNames.Head => Config.Width,
            _ when tensor.EndsWith(".o", StringComparison.Ordinal) => Config.QueryWidth,
            _ when tensor.EndsWith("shared.down", StringComparison.Ordinal) => Config.Experts!.SharedFeedForward,
            _ when tensor.EndsWith(".down", StringComparison.Ordinal) => Config.FeedForward,
            _ when tensor.Contains("norm", StringComparison.Ordinal) || tensor.EndsWith("bias", StringComparison.Ordinal) => values.Length,
            _ => Config.Width,
        };
        values.AsSpan(firstRow * columns, destination.Length).CopyTo(destination);
    }

    static IEnumerable<(string Prefix, int Width)> FeedForwards(ModelConfig config)
    {
        if (config.Experts is not { } experts)
            return [("", config.FeedForward)];
        IEnumerable<(string, int)> routed =
            Enumerable.Range(0, experts.Count).Select(e => (TensorNames.OfExpert(e, ""), config.FeedForward));
        return experts.HasShared ? [.. routed, (TensorNames.OfSharedExpert(""), experts.SharedFeedForward)] : routed;
    }

    public static ModelConfig Shape(
        int layers = 2, int width = 96, int heads = 6, int kvHeads = 2, int headWidth = 16, int feedForward = 160, int vocabulary = 131,
        bool tied = true, bool bias = false, bool headNorms = false) => new()
        {
            Architecture = "llama",
            Layers = layers,
            Width = width,
            Heads = heads,
            KvHeads = kvHeads,
            HeadWidth = headWidth,
            FeedForward = feedForward,
            Vocabulary = vocabulary,
            ContextLength = 512,
            NormEpsilon = 1e-5f,
            RopeTheta = 10000,
            TiedEmbedding = tied,
            QkvBias = bias,
            HeadNorms = headNorms,
        };
}
