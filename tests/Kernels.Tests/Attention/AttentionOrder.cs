using Harness.Kernels.Configuration;
using Harness.Kernels.ExactMath;
using Kernels.Tests.Cpu;
using Kernels.Tests.Linear;

namespace Kernels.Tests.Attention;

/// <summary>One query's attention in plain loops, in the design's order unless a property says otherwise.</summary>
sealed record AttentionOrder(Precision Precision)
{
    /// <summary>Keys that have a maximum, a sum and an output of their own.</summary>
    public int Chunk { get; init; } = 64;

    /// <summary>Dimensions of a head that one chain of a score takes.</summary>
    public int DimensionBlock { get; init; } = 64;

    /// <summary>f32: the query is scaled, and not the score. w8a8: the scales are multiplied with each other first.</summary>
    public bool ScalesFirst { get; init; }

    public bool KeysDescend { get; init; }

    /// <summary>Values are multiplied, rounded and added.</summary>
    public bool UnfusedValues { get; init; }

    /// <summary>w8a8: a value is multiplied by its own scale before its weight.</summary>
    public bool ScaledValues { get; init; }

    public bool ChunksDescend { get; init; }

    public bool UnfusedChunks { get; init; }

    /// <summary>What was summed is scaled anew as a larger maximum comes.</summary>
    public bool Running { get; init; }

    /// <summary>The output is divided by the sum, and not multiplied by its reciprocal.</summary>
    public bool Divides { get; init; }

    bool Quantized => Precision == Precision.W8A8;

    public float[] Attend(float[] query, float[][] keys, float[][] values)
    {
        Part[] parts = [.. keys.Zip(values).Chunk(Chunk).Select(chunk => Of(query, chunk))];
        if (ChunksDescend)
            Array.Reverse(parts);
        float top = Running ? float.NegativeInfinity : parts.Max(part => part.Max), total = 0;
        var output = new float[query.Length];
        foreach (Part part in parts)
        {
            if (Running && part.Max > top)
            {
                float before = ExactSingle.Exp(top - part.Max);
                (top, total) = (part.Max, total * before);
                output = [.. output.Select(x => x * before)];
            }
            float weight = ExactSingle.Exp(part.Max - top);
            total = Add(weight, part.Sum, total, UnfusedChunks);
            output = [.. output.Zip(part.Output, (sum, x) => Add(weight, x, sum, UnfusedChunks))];
        }
        float inverse = 1f / total;
        return [.. output.Select(x => Divides ? x / total : x * inverse)];
    }

    static float Add(float a, float b, float sum, bool unfused) => unfused ? (a * b) + sum : MathF.FusedMultiplyAdd(a, b, sum);

    Part Of(float[] query, (float[] Key, float[] Value)[] chunk)
    {
        float[] scores = [.. chunk.Select(pair => Score(query, pair.Key))];
        float max = scores.Max();
        float[] weights = [.. scores.Select(score => ExactSingle.Exp(score - max))];
        var lanes = new float[32];
        for (int j = 0; j < weights.Length; j++)
            lanes[j % 32] += weights[j];
        var output = new float[query.Length];
        IEnumerable<int> order = Enumerable.Range(0, chunk.Length);
        foreach (int j in KeysDescend ? order.Reverse() : order)
        {
            (float[] value, float scale) = Stored(chunk[j].Value);
            for (int d = 0; d < output.Length; d++)
                output[d] = ScaledValues
                    ? Add(weights[j], scale * value[d], output[d], UnfusedValues)
                    : Add(weights[j] * scale, value[d], output[d], UnfusedValues);
        }
        return new Part(max, SummingOrder.Tree(lanes), output);
    }

    float Score(float[] query, float[] key)
    {
        float scale = 1f / MathF.Sqrt(query.Length);
        if (!Quantized)
            return ScalesFirst ? Dot([.. query.Select(x => x * scale)], key) : Dot(query, key) * scale;
        ((int[] q, float queryScale), (int[] k, float keyScale)) = (LinearReference.Quantize(query), LinearReference.Quantize(key));
        int sum = q.Zip(k, (a, b) => a * b).Sum();
        return ScalesFirst ? sum * (keyScale * (queryScale * scale)) : sum * keyScale * (queryScale * scale);
    }

    float Dot(float[] a, float[] b) => a.Chunk(DimensionBlock)
        .Zip(b.Chunk(DimensionBlock), (x, y) => x.Zip(y).Aggregate(0f, (sum, pair) => MathF.FusedMultiplyAdd(pair.First, pair.Second, sum)))
        .Aggregate(0f, (total, sum) => total + sum);

    (float[] Values, float Scale) Stored(float[] value)
    {
        if (!Quantized)
            return (value, 1);
        (int[] values, float scale) = LinearReference.Quantize(value);
        return ([.. values.Select(x => (float)x)], scale);
    }

    /// <summary>A chunk's maximum, sum of exponentials and weighted sum of values.</summary>
    readonly record struct Part(float Max, float Sum, float[] Output);
}
