using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Training;

namespace Kernels.Tests.Training;

/// <summary>The loss of a llama in float64, of weights that may be moved one by one.</summary>
sealed class DoubleTransformer
{
    readonly ModelConfig config;

    public DoubleTransformer(Checkpoint checkpoint)
    {
        config = checkpoint.Config;
        foreach (NeededTensor tensor in TensorLayout.Of(config))
        {
            float[] values = new float[tensor.Rows * tensor.Columns];
            checkpoint.ReadRows(tensor.Name, 0, values);
            Weights[tensor.Name] = [.. values.Select(value => (double)value)];
        }
    }

    /// <summary>By their names.</summary>
    public Dictionary<string, double[]> Weights { get; } = [];

    /// <summary>Mean over the weighted tokens of a batch.</summary>
    public double Loss(TrainingBatch batch)
    {
        (double sum, double weight) = (0, 0);
        foreach (TrainingSequence sequence in batch.Groups.SelectMany(group => group.Sequences))
        {
            double[] logits = Logits(sequence.Tokens[..^1]);
            for (int i = 1; i < sequence.Tokens.Length; i++)
            {
                ReadOnlySpan<double> row = logits.AsSpan((i - 1) * config.Vocabulary, config.Vocabulary);
                sum += sequence.Weights[i] * DoubleOperations.CrossEntropy(row, sequence.Tokens[i]);
                weight += sequence.Weights[i];
            }
        }
        return sum / weight;
    }

    double[] Logits(int[] tokens)
    {
        int rows = tokens.Length;
        double[] embedding = Weights[TensorNames.Embedding];
        double[] x = [.. tokens.SelectMany(token => embedding[(token * config.Width)..((token + 1) * config.Width)])];
        for (int layer = 0; layer < config.Layers; layer++)
        {
            double[] Of(string part) => Weights[TensorNames.InLayer(layer, part)];
            double[] normed = DoubleOperations.RmsNorm(x, Of("attention_norm"), config.NormEpsilon);
            double[] q = DoubleOperations.Linear(normed, Of("q"), rows, config.Width, config.QueryWidth);
            double[] k = DoubleOperations.Linear(normed, Of("k"), rows, config.Width, config.KvWidth);
            double[] v = DoubleOperations.Linear(normed, Of("v"), rows, config.Width, config.KvWidth);
            double[] qkv = [.. Enumerable.Range(0, rows).SelectMany(
                row => Turned(q, row, config.QueryWidth).Concat(Turned(k, row, config.KvWidth)).Concat(Row(v, row, config.KvWidth)))];
            double[] mixed = DoubleOperations.Attention(qkv, rows, config.Heads, config.KvHeads, config.HeadWidth);
            x = Sum(x, DoubleOperations.Linear(mixed, Of("o"), rows, config.QueryWidth, config.Width));
            double[] inner = DoubleOperations.RmsNorm(x, Of("ffn_norm"), config.NormEpsilon);
            double[] activated = DoubleOperations.SwiGlu(
                DoubleOperations.Linear(inner, Of("gate"), rows, config.Width, config.FeedForward),
                DoubleOperations.Linear(inner, Of("up"), rows, config.Width, config.FeedForward));
            x = Sum(x, DoubleOperations.Linear(activated, Of("down"), rows, config.FeedForward, config.Width));
        }
        double[] last = DoubleOperations.RmsNorm(x, Weights[TensorNames.FinalNorm], config.NormEpsilon);
        string head = config.TiedEmbedding ? TensorNames.Embedding : TensorNames.Head;
        return DoubleOperations.Linear(last, Weights[head], rows, config.Width, config.Vocabulary);
    }

    double[] Turned(double[] rows, int row, int width) =>
        DoubleOperations.Rotate(Row(rows, row, width), config.HeadWidth, row, config.RopeTheta);

    static double[] Row(double[] rows, int row, int width) => rows[(row * width)..((row + 1) * width)];

    static double[] Sum(double[] x, double[] y) => [.. x.Zip(y, (a, b) => a + b)];
}
