using System.Runtime.InteropServices;
using Harness.Kernels.Attention;
using Harness.Kernels.Cpu;
using Harness.Kernels.Models;

namespace KernelCases;

/// <summary>Heads of a model for the cases of attention, and where a device has their keys and values.</summary>
/// <param name="Quantized">int8 keys and values with scales, or float32.</param>
sealed record HeadShape(int Heads, int KvHeads, int HeadWidth, bool Quantized)
{
    public const int Layers = 2, Layer = 1;

    public int Pad => (HeadWidth + 31) / 32 * 32;

    public int QkvWidth => (Heads + (2 * KvHeads)) * HeadWidth;

    public int HeadBytes => KvCache.PageTokens * 2 * (Quantized ? Pad + sizeof(float) : Pad * sizeof(float));

    public int PageBytes => Layers * KvHeads * HeadBytes;

    public Precision Precision => Quantized ? Precision.W8A8 : Precision.F32;

    public AttentionShape Cpu => AttentionShape.Of(Config, Precision, InstructionSet.Portable);

    public ModelConfig Config => new()
    {
        Architecture = "llama",
        Layers = Layers,
        Width = Heads * HeadWidth,
        Heads = Heads,
        KvHeads = KvHeads,
        HeadWidth = HeadWidth,
        FeedForward = 8,
        Vocabulary = 8,
        ContextLength = 1024,
        NormEpsilon = 1e-5f,
        RopeTheta = 10000,
        TiedEmbedding = true,
    };

    public override string ToString() => $"{(Quantized ? "int8" : "f32")}, {Heads} heads of {HeadWidth} on {KvHeads}";

    /// <summary>Writes one key or value of <see cref="Layer"/> into a device's pages.</summary>
    public unsafe void Write(Span<byte> cache, int page, int kvHead, int slot, bool value, ReadOnlySpan<float> x)
    {
        Span<byte> head = cache.Slice((page * PageBytes) + (((Layer * KvHeads) + kvHead) * HeadBytes), HeadBytes);
        int place = slot + (value ? KvCache.PageTokens : 0);
        if (!Quantized)
        {
            Span<float> row = MemoryMarshal.Cast<byte, float>(head).Slice(place * Pad, Pad);
            row.Clear();
            x.CopyTo(row);
            return;
        }
        (sbyte[] q, float scale) = Quantize(x);
        q.CopyTo(MemoryMarshal.Cast<byte, sbyte>(head).Slice(place * Pad, Pad));
        MemoryMarshal.Cast<byte, float>(head[(2 * KvCache.PageTokens * Pad)..])[place] = scale;
    }

    /// <summary>int8 form of one head, padded, and its scale.</summary>
    public unsafe (sbyte[] Values, float Scale) Quantize(ReadOnlySpan<float> x)
    {
        short* rounded = stackalloc short[HeadWidth];
        var values = new sbyte[Pad];
        float scale;
        fixed (float* data = x)
            scale = Cpu.Quantize(data, rounded);
        for (int i = 0; i < HeadWidth; i++)
            values[i] = (sbyte)rounded[i];
        return (values, scale);
    }
}
