using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.KvCache;
using Harness.Kernels.Linear;

namespace KernelCases;

/// <summary>Heads of a model for the cases of attention, and where a device has their keys and values.</summary>
/// <param name="Precision">How keys and values are stored.</param>
sealed record AttentionHeads(int Heads, int KvHeads, int HeadWidth, Precision Precision)
{
    public const int Layers = 2, Layer = 1;

    public int Pad => (HeadWidth + 31) / 32 * 32;

    public int QkvWidth => (Heads + (2 * KvHeads)) * HeadWidth;

    public int HeadBytes => PageSize.Tokens * 2 * ((Pad * Precision.WeightBytes()) + (Quantized ? sizeof(float) : 0));

    public int PageBytes => Layers * KvHeads * HeadBytes;

    public bool Quantized => Precision == Precision.W8A8;

    /// <summary>The end of the kernels' names.</summary>
    public string Suffix => Quantized ? "int8" : Precision == Precision.Bf16 ? "bf16" : "f32";

    /// <summary>The CPU's form of it: of bf16, float32, which is to see rounded keys and values.</summary>
    public HeadShape Cpu => HeadShape.Of(Config, CpuPrecision, InstructionSet.Portable);

    public Precision CpuPrecision => Quantized ? Precision.W8A8 : Precision.F32;

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

    public override string ToString() => $"{Suffix}, {Heads} heads of {HeadWidth} on {KvHeads}";

    /// <summary>Writes one key or value of <see cref="Layer"/> into a device's pages.</summary>
    public unsafe void Write(Span<byte> cache, int page, int kvHead, int slot, bool value, ReadOnlySpan<float> x)
    {
        Span<byte> head = cache.Slice((page * PageBytes) + (((Layer * KvHeads) + kvHead) * HeadBytes), HeadBytes);
        int place = slot + (value ? PageSize.Tokens : 0);
        if (Precision == Precision.Bf16)
        {
            Span<ushort> row = MemoryMarshal.Cast<byte, ushort>(head).Slice(place * Pad, Pad);
            row.Clear();
            for (int i = 0; i < x.Length; i++)
                row[i] = BFloats.Round(x[i]);
            return;
        }
        if (!Quantized)
        {
            Span<float> row = MemoryMarshal.Cast<byte, float>(head).Slice(place * Pad, Pad);
            row.Clear();
            x.CopyTo(row);
            return;
        }
        (sbyte[] q, float scale) = Quantize(x);
        q.CopyTo(MemoryMarshal.Cast<byte, sbyte>(head).Slice(place * Pad, Pad));
        MemoryMarshal.Cast<byte, float>(head[(2 * PageSize.Tokens * Pad)..])[place] = scale;
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
