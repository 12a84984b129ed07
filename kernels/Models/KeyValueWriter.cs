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
            page.Write(key, key + config.KvWidth, position % Chunk, shape);
        }
    }
}
