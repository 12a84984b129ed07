using System.Runtime.Intrinsics;
using Harness.Kernels.Cpu;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Linear;
using Harness.Kernels.Models;
using Harness.Kernels.Numerics;

namespace Harness.Kernels.Attention;

/// <summary>Widths that attention needs.</summary>
/// <param name="HeadWidth">Dimensions of a head.</param>
/// <param name="PaddedWidth">The same, rounded up to 8.</param>
/// <param name="Quantized">Keys, values and queries in int8 with a scale a token and head.</param>
/// <param name="InstructionSet">Form of the kernels.</param>
public readonly record struct AttentionShape(int HeadWidth, int PaddedWidth, bool Quantized, InstructionSet InstructionSet)
{
    /// <summary>Keys that are summed together, by absolute position.</summary>
    public const int Chunk = KvCache.PageTokens;

    public static AttentionShape Of(ModelConfig config, Precision precision, InstructionSet instructionSet) =>
        new(config.HeadWidth, KvCache.PaddedWidth(config), precision.IsInt8OnCpu(), instructionSet);

    /// <summary>int8 form of one head [head width], as int16; returns its scale.</summary>
    /// <exception cref="HarnessException">A value is NaN or infinite.</exception>
    internal unsafe float Quantize(float* head, short* quantized)
    {
        float scale = Int8Rounding.Scale(head, HeadWidth, InstructionSet);
        if (float.IsNaN(scale))
            throw Codes.WeightsNotFinite.With("a query, key or value of the model is NaN or infinite: the weights are damaged, or not of this architecture");
        Int8Rounding.Round(head, HeadWidth, scale, quantized, InstructionSet);
        return scale;
    }
}

/// <summary>
/// Causal attention of one query head over pages of keys and values. Each chunk of 64 keys has its own maximum, sum of exponentials and
/// output; chunks are combined in ascending order with weights exp(max_chunk - max), as in Milakov and Gimelshein 2018 (arXiv
/// 1805.02867). So the result depends neither on who shares a page nor on how the work is split.
/// </summary>
public sealed unsafe class AttentionCpu : IDisposable
{
    readonly AttentionShape shape;
    readonly float scale;
    readonly NativeBuffer<float> scores = new(AttentionShape.Chunk);
    readonly NativeBuffer<short> query;
    NativeBuffer<float> maxima = new(0);
    NativeBuffer<float> sums = new(0);
    NativeBuffer<float> outputs = new(0);

    /// <summary>Scratch of one worker.</summary>
    public AttentionCpu(AttentionShape shape)
    {
        this.shape = shape;
        scale = 1f / MathF.Sqrt(shape.HeadWidth);
        query = new NativeBuffer<short>(shape.PaddedWidth);
    }

    /// <summary>Makes room for contexts of up to <paramref name="tokens"/> tokens.</summary>
    public void Reserve(int tokens)
    {
        int chunks = KvCache.PagesFor(tokens);
        if (chunks <= maxima.Length)
            return;
        DisposePartials();
        maxima = new NativeBuffer<float>(chunks);
        sums = new NativeBuffer<float>(chunks);
        outputs = new NativeBuffer<float>((long)chunks * shape.PaddedWidth);
    }

    /// <param name="queryHead">[head width], after RoPE.</param>
    /// <param name="cache">Holds the pages.</param>
    /// <param name="pages">The sequence's pages, by position / 64.</param>
    /// <param name="layer">0-based.</param>
    /// <param name="kvHead">The key and value head of this query head.</param>
    /// <param name="keys">Keys that the query sees: its position + 1.</param>
    /// <param name="output">[head width].</param>
    public void Run(float* queryHead, KvCache cache, int[] pages, int layer, int kvHead, int keys, float* output)
    {
        float queryScale = shape.Quantized ? shape.Quantize(queryHead, query.Data) * scale : scale;
        int chunks = KvCache.PagesFor(keys);
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            HeadPage page = new(cache.Head(pages[chunk], layer, kvHead), shape);
            int count = Math.Min(keys - (chunk * AttentionShape.Chunk), AttentionShape.Chunk);
            float* partial = outputs.Data + ((long)chunk * shape.PaddedWidth);
            if (shape.Quantized)
                ChunkScores.Int8(query.Data, queryScale, page, shape.HeadWidth, count, scores.Data, shape.InstructionSet);
            else
                ChunkScores.Single(queryHead, queryScale, page, shape.HeadWidth, count, scores.Data);
            (maxima.Data[chunk], sums.Data[chunk]) = ChunkScores.Softmax(scores.Data, count);
            if (shape.Quantized)
                ChunkValues.Int8(scores.Data, page, shape.PaddedWidth, count, partial, shape.InstructionSet);
            else
                ChunkValues.Single(scores.Data, page, shape.PaddedWidth, count, partial);
        }
        Combine(chunks, output);
    }

    public void Dispose()
    {
        scores.Dispose();
        query.Dispose();
        DisposePartials();
    }

    void DisposePartials()
    {
        maxima.Dispose();
        sums.Dispose();
        outputs.Dispose();
    }

    void Combine(int chunks, float* output)
    {
        float max = maxima.Data[0];
        for (int chunk = 1; chunk < chunks; chunk++)
            max = MathF.Max(max, maxima.Data[chunk]);
        float total = 0;
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            float weight = ExactMathF.Exp(maxima.Data[chunk] - max);
            maxima.Data[chunk] = weight;
            total = MathF.FusedMultiplyAdd(weight, sums.Data[chunk], total);
        }
        float inverse = 1f / total;
        for (int d = 0; d < shape.PaddedWidth; d += 8)
        {
            Vector256<float> sum = default;
            for (int chunk = 0; chunk < chunks; chunk++)
            {
                Vector256<float> partial = Vector256.Load(outputs.Data + ((long)chunk * shape.PaddedWidth) + d);
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(maxima.Data[chunk]), partial, sum);
            }
            Vector256<float> result = sum * Vector256.Create(inverse);
            if (d + Vector256<float>.Count <= shape.HeadWidth)
                result.Store(output + d);
            else
                new ReadOnlySpan<float>(&result, shape.HeadWidth - d).CopyTo(new Span<float>(output + d, shape.HeadWidth - d));
        }
    }
}
