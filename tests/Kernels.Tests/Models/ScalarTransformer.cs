using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.ExactMath;

namespace Kernels.Tests.Models;

/// <summary>
/// The exact arithmetic of the design, one number at a time in plain loops: what every fast form must equal bit for bit.
/// </summary>
sealed class ScalarTransformer(RandomCheckpoint checkpoint, Precision precision)
{
    const int Block = 64;
    readonly ModelConfig config = checkpoint.Config;
    readonly Dictionary<string, (sbyte[] Values, float[] Scales)> quantized = [];

    /// <summary>Logits of each position.</summary>
    public float[][] Logits(int[] tokens)
    {
        var rows = tokens.Select(token => checkpoint[TensorNames.Embedding].AsSpan(token * config.Width, config.Width).ToArray()).ToArray();
        for (int layer = 0; layer < config.Layers; layer++)
        {
            string Name(string part) => TensorNames.InLayer(layer, part);
            float[][] normed = rows.Select(row => Norm(row, checkpoint[Name("attention_norm")])).ToArray();
            float[][] mixed = Attention(normed, Name);
            for (int t = 0; t < rows.Length; t++)
            {
                Add(rows[t], Linear(mixed[t], Name("o"), config.Width));
                float[] inner = Norm(rows[t], checkpoint[Name("ffn_norm")]);
                Add(rows[t], config.Experts is { } experts
                    ? Mixture(inner, experts, Name) : FeedForward(inner, Name, "", config.FeedForward));
            }
        }
        string head = config.TiedEmbedding ? TensorNames.Embedding : TensorNames.Head;
        return rows.Select(row => Linear(Norm(row, checkpoint[TensorNames.FinalNorm]), head, config.Vocabulary)).ToArray();
    }

    float[] FeedForward(float[] inner, Func<string, string> name, string prefix, int width)
    {
        float[] gate = Linear(inner, name(prefix + "gate"), width), up = Linear(inner, name(prefix + "up"), width);
        float[] active = gate.Zip(up, (g, u) => ExactSingle.Silu(g) * u).ToArray();
        return Linear(active, name(prefix + "down"), config.Width);
    }

    float[] Mixture(float[] inner, ExpertShape experts, Func<string, string> name)
    {
        float[] logits = FloatLinear(inner, name("router"), experts.Count);
        int[] chosen =
            [.. Enumerable.Range(0, experts.Count).OrderByDescending(e => logits[e]).ThenBy(e => e).Take(experts.Active).Order()];
        float[] weights = logits.Select(logit => ExactSingle.Exp(logit - logits.Max())).ToArray();
        var lanes = new float[32];
        for (int e = 0; e < experts.Count; e++)
            lanes[e % 32] += !experts.Normalised || chosen.Contains(e) ? weights[e] : 0f;
        float sum = Tree(lanes);
        var mixed = new float[config.Width];
        foreach (int e in chosen)
            Mix(weights[e] / sum, FeedForward(inner, name, TensorNames.OfExpert(e, ""), config.FeedForward));
        if (experts.HasShared)
            Mix(SharedFactor(inner, name), FeedForward(inner, name, TensorNames.OfSharedExpert(""), experts.SharedFeedForward));
        return mixed;

        void Mix(float factor, float[] output)
        {
            for (int i = 0; i < output.Length; i++)
                mixed[i] = MathF.FusedMultiplyAdd(factor, output[i], mixed[i]);
        }
    }

    float SharedFactor(float[] inner, Func<string, string> name)
    {
        float gate = FloatLinear(inner, name("shared.router"), 1)[0];
        float e = ExactSingle.Exp(-MathF.Abs(gate));
        return (gate >= 0 ? 1 : e) / (1 + e);
    }

    /// <summary>In float32 at every precision.</summary>
    float[] FloatLinear(float[] x, string tensor, int outputs) =>
        [.. Enumerable.Range(0, outputs).Select(o => Dot(x, checkpoint[tensor][(o * x.Length)..((o + 1) * x.Length)]))];

    float[][] Attention(float[][] normed, Func<string, string> name)
    {
        float[][] q = normed.Select(x => Projected(x, name, "q", config.Heads)).ToArray();
        float[][] k = normed.Select(x => Projected(x, name, "k", config.KvHeads)).ToArray();
        float[][] v = normed.Select(x => Projected(x, name, "v", config.KvHeads)).ToArray();
        var mixed = new float[normed.Length][];
        for (int t = 0; t < normed.Length; t++)
        {
            Rotate(q[t], t);
            Rotate(k[t], t);
            mixed[t] = new float[config.QueryWidth];
            for (int head = 0; head < config.Heads; head++)
                Head(q[t], k, v, t + 1, head).CopyTo(mixed[t], head * config.HeadWidth);
        }
        return mixed;
    }

    float[] Projected(float[] x, Func<string, string> name, string part, int heads)
    {
        float[] y = Linear(x, name(part), heads * config.HeadWidth);
        if (config.QkvBias)
            Add(y, checkpoint[name(part + "_bias")]);
        if (config.HeadNorms && part != "v")
        {
            for (int head = 0; head < heads; head++)
                Norm(y[(head * config.HeadWidth)..((head + 1) * config.HeadWidth)], checkpoint[name(part + "_norm")])
                    .CopyTo(y, head * config.HeadWidth);
        }
        return y;
    }

    void Rotate(float[] heads, int position)
    {
        int half = config.HeadWidth / 2;
        for (int head = 0; head < heads.Length; head += config.HeadWidth)
        {
            for (int i = 0; i < half; i++)
            {
                float frequency =
                    1f / (float)ExactDouble.Pow(config.RopeTheta, 2.0 * i / config.HeadWidth) / (config.RopeFactors?[i] ?? 1f);
                double angle = position * frequency;
                float cos = (float)ExactDouble.Cos(angle), sin = (float)ExactDouble.Sin(angle);
                float x = heads[head + i], y = heads[head + half + i];
                heads[head + i] = MathF.FusedMultiplyAdd(x, cos, -(y * sin));
                heads[head + half + i] = MathF.FusedMultiplyAdd(y, cos, x * sin);
            }
        }
    }

    float[] Head(float[] queries, float[][] keys, float[][] values, int count, int head)
    {
        int width = config.HeadWidth;
        int kv = head / (config.Heads / config.KvHeads);
        float[] Slice(float[] row, int index) => row[(index * width)..((index + 1) * width)];
        float scale = 1f / MathF.Sqrt(width);
        var chunks = new List<(float Max, float Sum, float[] Output)>();
        for (int first = 0; first < count; first += Block)
        {
            int size = Math.Min(Block, count - first);
            var scores = new float[size];
            for (int j = 0; j < size; j++)
                scores[j] = Score(Slice(queries, head), Slice(keys[first + j], kv), scale);
            float max = scores.Max();
            float[] weights = scores.Select(score => ExactSingle.Exp(score - max)).ToArray();
            var output = new float[width];
            for (int j = 0; j < size; j++)
            {
                (float[] value, float valueScale) = HeadValue(Slice(values[first + j], kv));
                for (int d = 0; d < width; d++)
                    output[d] = MathF.FusedMultiplyAdd(weights[j] * valueScale, value[d], output[d]);
            }
            var lanes = new float[32];
            for (int j = 0; j < size; j++)
                lanes[j % 32] += weights[j];
            chunks.Add((max, Tree(lanes), output));
        }
        float top = chunks.Max(chunk => chunk.Max);
        float total = 0;
        var sum = new float[width];
        foreach ((float max, float chunkSum, float[] output) in chunks)
        {
            float weight = ExactSingle.Exp(max - top);
            total = MathF.FusedMultiplyAdd(weight, chunkSum, total);
            for (int d = 0; d < width; d++)
                sum[d] = MathF.FusedMultiplyAdd(weight, output[d], sum[d]);
        }
        return sum.Select(x => x * (1f / total)).ToArray();
    }

    float Score(float[] query, float[] key, float scale)
    {
        if (precision == Precision.F32)
            return Dot(query, key) * scale;
        (sbyte[] q, float qScale) = Quantize(query);
        (sbyte[] k, float kScale) = Quantize(key);
        return q.Zip(k, (a, b) => a * b).Sum() * kScale * (qScale * scale);
    }

    (float[] Value, float Scale) HeadValue(float[] value)
    {
        if (precision == Precision.F32)
            return (value, 1);
        (sbyte[] v, float scale) = Quantize(value);
        return (v.Select(x => (float)x).ToArray(), scale);
    }

    float[] Linear(float[] x, string tensor, int outputs)
    {
        int inputs = x.Length;
        float[] weights = checkpoint[tensor];
        var y = new float[outputs];
        if (precision == Precision.F32)
        {
            for (int o = 0; o < outputs; o++)
                y[o] = Dot(x, weights.AsSpan(o * inputs, inputs).ToArray());
            return y;
        }
        if (!quantized.TryGetValue(tensor, out var w))
        {
            var rows = Enumerable.Range(0, outputs).Select(o => Quantize(weights[(o * inputs)..((o + 1) * inputs)])).ToArray();
            w = (rows.SelectMany(row => row.Values).ToArray(), rows.Select(row => row.Scale).ToArray());
            quantized[tensor] = w;
        }
        for (int first = 0; first < inputs; first += Block)
        {
            int size = Math.Min(Block, inputs - first);
            (sbyte[] q, float scale) = Quantize(x[first..(first + size)]);
            for (int o = 0; o < outputs; o++)
            {
                int sum = 0;
                for (int i = 0; i < size; i++)
                    sum += q[i] * w.Values[(o * inputs) + first + i];
                y[o] = MathF.FusedMultiplyAdd(sum, scale, y[o]);
            }
        }
        for (int o = 0; o < outputs; o++)
            y[o] *= w.Scales[o];
        return y;
    }

    static float Dot(float[] a, float[] b)
    {
        float total = 0;
        for (int first = 0; first < a.Length; first += Block)
        {
            float sum = 0;
            for (int i = first; i < Math.Min(first + Block, a.Length); i++)
                sum = MathF.FusedMultiplyAdd(a[i], b[i], sum);
            total += sum;
        }
        return total;
    }

    static (sbyte[] Values, float Scale) Quantize(float[] x)
    {
        float scale = x.Max(MathF.Abs) / 127f;
        return (x.Select(value => scale == 0 ? (sbyte)0 : (sbyte)Math.Clamp(MathF.Round(value / scale, MidpointRounding.ToEven), -127, 127))
            .ToArray(), scale);
    }

    float[] Norm(float[] x, float[] weight)
    {
        var lanes = new float[32];
        for (int i = 0; i < x.Length; i++)
            lanes[i % 32] = MathF.FusedMultiplyAdd(x[i], x[i], lanes[i % 32]);
        float inverse = 1f / MathF.Sqrt((Tree(lanes) / x.Length) + config.NormEpsilon);
        return x.Select((value, i) => value * inverse * weight[i]).ToArray();
    }

    static float Tree(float[] lanes)
    {
        for (int half = 16; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
                lanes[i] += lanes[i + half];
        }
        return lanes[0];
    }

    static void Add(float[] x, float[] delta)
    {
        for (int i = 0; i < x.Length; i++)
            x[i] += delta[i];
    }
}
