using System.Runtime.Intrinsics;
using Harness.Kernels.Configuration;
using Harness.Kernels.KvCache;
using Harness.Kernels.RmsNorm;
using Harness.Kernels.RotaryEmbedding;

namespace Harness.Kernels.Models;

/// <summary>Finishes one row of q, k and v (biases, head norms, RoPE) and writes its keys and values into the cache.</summary>
sealed unsafe class KeyValueWriter(ModelConfig config, HeadShape shape, RotaryTable rotary, KvCacheCpu cache)
{
    const int Chunk = HeadShape.Chunk;

    /// <param name="qkv">[q + 2 kv]; its queries and keys are rotated in place.</param>
    /// <param name="layer">The layer's biases and norms.</param>
    /// <param name="index">The layer's number.</param>
    /// <param name="pages">The sequence's pages.</param>
    /// <param name="position">The row's position.</param>
    public void Write(float* qkv, TransformerLayer layer, int index, int[] pages, int position)
    {
        int width = config.HeadWidth;
        if (layer.QkvBias is { } bias)
        {
            for (int i = 0; i < bias.Length; i++)
                qkv[i] += bias.Data[i];
        }
        for (int head = 0; head < config.Heads + config.KvHeads; head++)
        {
            float* x = qkv + (head * width);
            if ((head < config.Heads ? layer.QueryNorm : layer.KeyNorm) is { } norm)
                RmsNormCpu.Run(x, norm.Data, config.NormEpsilon, width, x);
            rotary.Rotate(x, position);
        }
        for (int head = 0; head < config.KvHeads; head++)
        {
            float* key = qkv + config.QueryWidth + (head * width);
            HeadPage page = new(cache.Head(pages[position / Chunk], index, head), shape);
            if (shape.Quantized)
                WriteInt8(key, key + config.KvWidth, page, position % Chunk);
            else
                WriteSingle(key, key + config.KvWidth, page, position % Chunk);
        }
    }

    void WriteInt8(float* key, float* value, in HeadPage page, int slot)
    {
        int width = config.HeadWidth;
        short* quantized = stackalloc short[width];
        page.KeyScales[slot] = shape.Quantize(key, quantized);
        sbyte* keys = (sbyte*)page.Keys + HeadPage.Int8Key(slot, 0, width);
        for (int i = 0; i < width; i += 2)
            *(short*)(keys + (i * HeadPage.Int8Group)) = (short)((byte)quantized[i] | (quantized[i + 1] << 8));
        page.ValueScales[slot] = shape.Quantize(value, quantized);
        sbyte* values = (sbyte*)page.Values + (slot * shape.PaddedWidth);
        int d = 0;
        for (; d + Vector128<sbyte>.Count <= width; d += Vector128<sbyte>.Count)
            Vector128.Narrow(Vector128.Load(quantized + d), Vector128.Load(quantized + d + Vector128<short>.Count)).Store(values + d);
        for (; d < width; d++)
            values[d] = (sbyte)quantized[d];
    }

    void WriteSingle(float* key, float* value, in HeadPage page, int slot)
    {
        float* keys = (float*)page.Keys + HeadPage.SingleKey(slot, 0, config.HeadWidth);
        float* values = (float*)page.Values + (slot * shape.PaddedWidth);
        for (int i = 0; i < config.HeadWidth; i++)
        {
            keys[i * HeadPage.SingleGroup] = key[i];
            values[i] = value[i];
        }
    }
}
