using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.ExactMath;
using Harness.Kernels.Sampling;
using Harness.Kernels.Training;

namespace Kernels.Tests.Training;

/// <summary>
/// The exact arithmetic of training, one number at a time in plain loops: what every form of the gradients must equal bit for bit. Padding
/// is left out, and a block of 64 rows is one wherever its rows lie.
/// </summary>
sealed partial class ScalarGradients
{
    const int Block = 64;
    readonly RandomCheckpoint weights;
    readonly ModelConfig config;

    readonly double balanceLoss;
    readonly long tokens;
    readonly List<ScalarRow> all = [];

    public ScalarGradients(RandomCheckpoint weights, TrainingBatch batch, double balanceLoss = 0)
    {
        this.weights = weights;
        this.balanceLoss = balanceLoss;
        tokens = batch.Groups.Sum(group => group.Sequences.Sum(sequence => (long)sequence.Predictions));
        config = weights.Config;
        foreach (NeededTensor tensor in TensorLayout.Of(config))
            Gradients[tensor.Name] = new float[tensor.Rows * tensor.Columns];
        double sum = batch.Groups.SelectMany(group => group.Sequences).SelectMany(sequence => sequence.Weights.Skip(1)).Sum(x => (double)x);
        float[] scattered = new float[config.Vocabulary * config.Width];
        foreach (SequenceGroup group in batch.Groups)
        {
            ScalarRow?[] rows = new ScalarRow?[group.Sequences.Count * (group.PaddedLength - 1)];
            for (int i = 0; i < group.Sequences.Count; i++)
            {
                TrainingSequence sequence = group.Sequences[i];
                ScalarRow[] own = [.. sequence.Tokens[..^1].Select(token => new ScalarRow(token, config.Layers))];
                Forward(own);
                for (int t = 0; t < own.Length; t++)
                    Score(own[t], sequence.Tokens[t + 1], (float)(sequence.Weights[t + 1] / sum), sequence.Weights[t + 1] == 0);
                Backward(own);
                own.CopyTo(rows, i * (group.PaddedLength - 1));
            }
            SumOver(rows);
            all.AddRange(rows.OfType<ScalarRow>());
            foreach (ScalarRow row in rows.OfType<ScalarRow>())
            {
                for (int d = 0; d < config.Width; d++)
                    scattered[(row.Token * config.Width) + d] += row.EmbeddingGradient[d];
            }
        }
        SumExperts();
        float[] embedding = Gradients[TensorNames.Embedding];
        for (int i = 0; i < embedding.Length; i++)
            embedding[i] += scattered[i];
    }

    public Dictionary<string, float[]> Gradients { get; } = [];

    string HeadName => config.TiedEmbedding ? TensorNames.Embedding : TensorNames.Head;

    void Forward(ScalarRow[] rows)
    {
        foreach (ScalarRow row in rows)
            row.Layers[0].Input = weights[TensorNames.Embedding].AsSpan(row.Token * config.Width, config.Width).ToArray();
        for (int layer = 0; layer < config.Layers; layer++)
        {
            string Name(string part) => TensorNames.InLayer(layer, part);
            for (int t = 0; t < rows.Length; t++)
            {
                ScalarLayer own = rows[t].Layers[layer];
                own.Normed = Norm(own.Input, weights[Name("attention_norm")]);
                own.Q = Turned(Linear(own.Normed, Name("q"), config.QueryWidth), t, 1);
                own.K = Turned(Linear(own.Normed, Name("k"), config.KvWidth), t, 1);
                own.V = Linear(own.Normed, Name("v"), config.KvWidth);
            }
            Attend([.. rows.Select(row => row.Layers[layer])]);
            foreach (ScalarRow row in rows)
            {
                ScalarLayer own = row.Layers[layer];
                own.Middle = Sum(own.Input, Linear(own.Mixed, Name("o"), config.Width));
                own.MiddleNormed = Norm(own.Middle, weights[Name("ffn_norm")]);
                float[] output = Sum(own.Middle, config.Experts is { } experts ? Mixture(own, experts, Name) : FeedForward(own, Name));
                if (layer + 1 < config.Layers)
                    row.Layers[layer + 1].Input = output;
                else
                    row.Final = output;
            }
        }
        foreach (ScalarRow row in rows)
        {
            row.FinalNormed = Norm(row.Final, weights[TensorNames.FinalNorm]);
            row.Logits = Linear(row.FinalNormed, HeadName, config.Vocabulary);
        }
    }

    float[] FeedForward(ScalarLayer own, Func<string, string> name)
    {
        own.Gate = Linear(own.MiddleNormed, name("gate"), config.FeedForward);
        own.Up = Linear(own.MiddleNormed, name("up"), config.FeedForward);
        own.Activated = [.. own.Gate.Zip(own.Up, (gate, up) => ExactSingle.Silu(gate) * up)];
        return Linear(own.Activated, name("down"), config.Width);
    }

    unsafe void Score(ScalarRow row, int label, float factor, bool masked)
    {
        using var sampler = new Sampler(config.Vocabulary);
        float max;
        double sum;
        fixed (float* logits = row.Logits)
            sampler.LogProbability(logits, label, out max, out sum);
        float inverse = 1f / (float)sum;
        row.LogitGradients = [.. row.Logits.Select((logit, token) => ExactSingle.Exp(logit - max) * inverse)];
        row.LogitGradients[label] -= 1f;
        row.LogitGradients = [.. row.LogitGradients.Select(gradient => masked ? 0f : factor * gradient)];
    }

    void Backward(ScalarRow[] rows)
    {
        foreach (ScalarRow row in rows)
            (row.Layers[^1].OutputGradient, row.FinalPart) = NormBackward(
                row.Final,
                weights[TensorNames.FinalNorm],
                LinearBackward(row.LogitGradients, HeadName, config.Width),
                new float[config.Width]);
        for (int layer = config.Layers - 1; layer >= 0; layer--)
        {
            string Name(string part) => TensorNames.InLayer(layer, part);
            float[] balance = config.Experts is { } shape ? BalanceGradients([.. rows.Select(row => row.Layers[layer])], shape) : [];
            foreach (ScalarLayer own in rows.Select(row => row.Layers[layer]))
            {
                float[] normed = config.Experts is { } experts
                    ? MixtureBackward(own, experts, balance, Name) : FeedForwardBackward(own, Name);
                (own.MiddleGradient, own.MiddlePart) = NormBackward(own.Middle, weights[Name("ffn_norm")], normed, own.OutputGradient);
                own.MixedGradient = LinearBackward(own.MiddleGradient, Name("o"), config.QueryWidth);
            }
            AttendBackward([.. rows.Select(row => row.Layers[layer])]);
            float[] stacked = [.. weights[Name("q")], .. weights[Name("k")], .. weights[Name("v")]];
            for (int t = 0; t < rows.Length; t++)
            {
                ScalarLayer own = rows[t].Layers[layer];
                own.QGradient = Turned(own.QGradient, t, -1);
                own.KGradient = Turned(own.KGradient, t, -1);
                float[] normed = LinearBackward([.. own.QGradient, .. own.KGradient, .. own.VGradient], stacked, config.Width);
                (float[] input, own.InputPart) = NormBackward(own.Input, weights[Name("attention_norm")], normed, own.MiddleGradient);
                if (layer > 0)
                    rows[t].Layers[layer - 1].OutputGradient = input;
                else
                    rows[t].EmbeddingGradient = input;
            }
        }
    }

    float[] FeedForwardBackward(ScalarLayer own, Func<string, string> name)
    {
        float[] activated = LinearBackward(own.OutputGradient, name("down"), config.FeedForward);
        (own.GateGradient, own.UpGradient) = SwiGluBackward(own.Gate, own.Up, activated);
        return LinearBackward(
            [.. own.GateGradient, .. own.UpGradient], [.. weights[name("gate")], .. weights[name("up")]], config.Width);
    }

    void SumOver(ScalarRow?[] rows)
    {
        SumProducts(HeadName, rows, row => row.LogitGradients, row => row.FinalNormed);
        SumParts(TensorNames.FinalNorm, rows, row => row.FinalPart);
        for (int index = 0; index < config.Layers; index++)
        {
            int layer = index;
            string Name(string part) => TensorNames.InLayer(layer, part);
            void Products(string part, Func<ScalarLayer, float[]> dy, Func<ScalarLayer, float[]> x) =>
                SumProducts(Name(part), rows, row => dy(row.Layers[layer]), row => x(row.Layers[layer]));
            Products("q", own => own.QGradient, own => own.Normed);
            Products("k", own => own.KGradient, own => own.Normed);
            Products("v", own => own.VGradient, own => own.Normed);
            Products("o", own => own.MiddleGradient, own => own.Mixed);
            if (config.Experts is not null)
            {
                Products(TensorNames.Router, own => own.RouterGradients, own => own.MiddleNormed);
            }
            else
            {
                Products("gate", own => own.GateGradient, own => own.MiddleNormed);
                Products("up", own => own.UpGradient, own => own.MiddleNormed);
                Products("down", own => own.OutputGradient, own => own.Activated);
            }
            SumParts(Name("attention_norm"), rows, row => row.Layers[layer].InputPart);
            SumParts(Name("ffn_norm"), rows, row => row.Layers[layer].MiddlePart);
        }
    }

    void SumProducts(string name, ScalarRow?[] rows, Func<ScalarRow, float[]> dy, Func<ScalarRow, float[]> x)
    {
        float[] gradient = Gradients[name];
        ScalarRow example = rows.OfType<ScalarRow>().First();
        int inputs = x(example).Length;
        for (int i = 0; i < gradient.Length; i++)
        {
            (int output, int input) = (i / inputs, i % inputs);
            gradient[i] = Chain(
                rows.Length, t => rows[t] is { } row ? dy(row)[output] : 0, t => rows[t] is { } row ? x(row)[input] : 0, gradient[i]);
        }
    }

    void SumParts(string name, ScalarRow?[] rows, Func<ScalarRow, float[]> part)
    {
        float[] gradient = Gradients[name];
        for (int i = 0; i < gradient.Length; i++)
            gradient[i] = Chain(rows.Length, t => rows[t] is { } row ? part(row)[i] : 0, _ => 1, gradient[i]);
    }

    float[] Linear(float[] x, string name, int outputs)
    {
        float[] matrix = weights[name];
        return [.. Enumerable.Range(0, outputs).Select(output => Chain(x.Length, k => x[k], k => matrix[(output * x.Length) + k]))];
    }

    float[] LinearBackward(float[] dy, string name, int inputs) => LinearBackward(dy, weights[name], inputs);

    static float[] LinearBackward(float[] dy, float[] matrix, int inputs) =>
        [.. Enumerable.Range(0, inputs).Select(input => Chain(dy.Length, o => dy[o], o => matrix[(o * inputs) + input]))];

    float[] Norm(float[] x, float[] weight)
    {
        float inverse = Inverse(x);
        return [.. x.Select((value, i) => value * inverse * weight[i])];
    }

    (float[] Dx, float[] Part) NormBackward(float[] x, float[] weight, float[] dy, float[] residual)
    {
        float inverse = Inverse(x);
        float[] normed = [.. x.Select(value => value * inverse)], weighted = [.. dy.Zip(weight, (a, b) => a * b)];
        float mean = Lanes(weighted, normed) / x.Length;
        float[] dx = [.. normed.Select((n, i) => residual[i] + (MathF.FusedMultiplyAdd(n, -mean, weighted[i]) * inverse))];
        return (dx, [.. dy.Zip(normed, (a, b) => a * b)]);
    }

    float Inverse(float[] x) => 1f / MathF.Sqrt((Lanes(x, x) / x.Length) + config.NormEpsilon);

    static (float[] Gate, float[] Up) SwiGluBackward(float[] gate, float[] up, float[] dy)
    {
        float[] dGate = new float[gate.Length], dUp = new float[gate.Length];
        for (int i = 0; i < gate.Length; i++)
        {
            float e = ExactSingle.Exp(-MathF.Abs(gate[i])), silu = ExactSingle.Silu(gate[i]);
            float sigmoid = (gate[i] >= 0 ? 1f : e) / (1f + e);
            dGate[i] = dy[i] * up[i] * MathF.FusedMultiplyAdd(silu, 1f - sigmoid, sigmoid);
            dUp[i] = dy[i] * silu;
        }
        return (dGate, dUp);
    }

    /// <summary>Heads turned to a position, or back.</summary>
    float[] Turned(float[] heads, int position, int direction)
    {
        int half = config.HeadWidth / 2;
        float[] turned = [.. heads];
        for (int i = 0; i < heads.Length; i++)
        {
            int pair = i % config.HeadWidth;
            if (pair >= half)
                continue;
            float frequency = 1f / (float)ExactDouble.Pow(config.RopeTheta, 2.0 * pair / config.HeadWidth);
            double angle = position * frequency;
            float cos = (float)ExactDouble.Cos(angle), sin = direction * (float)ExactDouble.Sin(angle);
            (float x, float y) = (heads[i], heads[i + half]);
            turned[i] = MathF.FusedMultiplyAdd(x, cos, -(y * sin));
            turned[i + half] = MathF.FusedMultiplyAdd(y, cos, x * sin);
        }
        return turned;
    }

    static float[] Sum(float[] x, float[] y) => [.. x.Zip(y, (a, b) => a + b)];

    /// <summary>Blocks of 64 terms, each a chain of fused multiply-adds from +0, added in ascending order.</summary>
    static float Chain(int terms, Func<int, float> a, Func<int, float> b, float total = 0)
    {
        for (int first = 0; first < terms; first += Block)
        {
            float sum = 0;
            for (int k = first; k < Math.Min(first + Block, terms); k++)
                sum = MathF.FusedMultiplyAdd(a(k), b(k), sum);
            total += sum;
        }
        return total;
    }

    /// <summary>Sum of products by 32 lanes and a tree.</summary>
    static float Lanes(float[] x, float[] y)
    {
        float[] lanes = new float[32];
        for (int i = 0; i < x.Length; i++)
            lanes[i % 32] = MathF.FusedMultiplyAdd(x[i], y[i], lanes[i % 32]);
        return Cpu.SummingOrder.Tree(lanes);
    }
}
