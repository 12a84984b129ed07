using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Training;

namespace Kernels.Tests.Training;

/// <summary>
/// The loss of a llama in float64, of weights that may be moved one by one. Tokens keep the experts that they chose for the first loss: of
/// a choice there is no slope.
/// </summary>
sealed class DoubleTransformer
{
    readonly ModelConfig config;
    readonly List<int[]> choices = [];
    int routed;

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

    /// <summary>Of the last loss: that of the experts' balance, a token's mean, summed over layers.</summary>
    public double Balance { get; private set; }

    /// <summary>Mean over the weighted tokens of a batch, and the balance of its experts times a coefficient.</summary>
    public double Loss(TrainingBatch batch, double balanceLoss = 0)
    {
        (double sum, double weight) = (0, 0);
        (Balance, routed) = (0, 0);
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
        Balance /= batch.Groups.Sum(group => group.Sequences.Sum(sequence => sequence.Predictions));
        return (sum / weight) + (balanceLoss * Balance);
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
            x = Sum(x, config.Experts is { } experts ? Mixture(inner, rows, experts, Of) : FeedForward(inner, rows, Of, ""));
        }
        double[] last = DoubleOperations.RmsNorm(x, Weights[TensorNames.FinalNorm], config.NormEpsilon);
        string head = config.TiedEmbedding ? TensorNames.Embedding : TensorNames.Head;
        return DoubleOperations.Linear(last, Weights[head], rows, config.Width, config.Vocabulary);
    }

    double[] FeedForward(double[] inner, int rows, Func<string, double[]> of, string prefix)
    {
        double[] activated = DoubleOperations.SwiGlu(
            DoubleOperations.Linear(inner, of(prefix + "gate"), rows, config.Width, config.FeedForward),
            DoubleOperations.Linear(inner, of(prefix + "up"), rows, config.Width, config.FeedForward));
        return DoubleOperations.Linear(activated, of(prefix + "down"), rows, config.FeedForward, config.Width);
    }

    double[] Mixture(double[] inner, int rows, ExpertShape experts, Func<string, double[]> of)
    {
        double[] logits = DoubleOperations.Linear(inner, of(TensorNames.Router), rows, config.Width, experts.Count);
        double[] counts = new double[experts.Count], mean = new double[experts.Count], mixed = new double[inner.Length];
        for (int row = 0; row < rows; row++)
        {
            double[] own = Row(logits, row, experts.Count);
            double[] weights = [.. own.Select(Math.Exp)];
            if (routed == choices.Count)
                choices.Add([.. Enumerable.Range(0, experts.Count).OrderByDescending(expert => own[expert]).Take(experts.Active)]);
            int[] chosen = choices[routed++];
            double sum = experts.Normalised ? chosen.Sum(expert => weights[expert]) : weights.Sum();
            foreach (int expert in chosen)
            {
                counts[expert]++;
                double[] output = FeedForward(Row(inner, row, config.Width), 1, of, TensorNames.OfExpert(expert, ""));
                for (int i = 0; i < config.Width; i++)
                    mixed[(row * config.Width) + i] += weights[expert] / sum * output[i];
            }
            for (int expert = 0; expert < experts.Count; expert++)
                mean[expert] += weights[expert] / weights.Sum() / rows;
        }
        // Of a sequence: experts times the sum of (share of the choices) (mean probability), times its tokens.
        Balance += rows * counts.Zip(mean, (count, p) => experts.Count * count / (experts.Active * rows) * p).Sum();
        return mixed;
    }

    double[] Turned(double[] rows, int row, int width) =>
        DoubleOperations.Rotate(Row(rows, row, width), config.HeadWidth, row, config.RopeTheta);

    static double[] Row(double[] rows, int row, int width) => rows[(row * width)..((row + 1) * width)];

    static double[] Sum(double[] x, double[] y) => [.. x.Zip(y, (a, b) => a + b)];
}
