using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.KvCache;

/// <summary>
/// One head's keys and values in a page of 64 tokens. w8a8: keys int8 [64 / 16][head width / 2][16][2], values int8 [64][padded width],
/// key scales [64], value scales [64]; f32: keys [64 / 8][head width][8], values [64][padded width]. So a vector holds the same
/// dimensions of neighbouring keys, and the keys of a short sequence lie together.
/// </summary>
readonly unsafe struct HeadPage
{
    /// <summary>int8 keys that lie together.</summary>
    public const int Int8Group = 16;

    /// <summary>float32 keys that lie together.</summary>
    public const int SingleGroup = 8;

    public readonly byte* Keys;
    public readonly byte* Values;
    public readonly float* KeyScales;
    public readonly float* ValueScales;

    public HeadPage(byte* start, in HeadShape shape)
    {
        int size = shape.Quantized ? sizeof(sbyte) : sizeof(float);
        Keys = start;
        Values = start + (HeadShape.Chunk * shape.HeadWidth * size);
        KeyScales = (float*)(Values + (HeadShape.Chunk * shape.PaddedWidth * size));
        ValueScales = KeyScales + HeadShape.Chunk;
    }

    /// <summary>Bytes of one head.</summary>
    public static long Bytes(ModelConfig config, Precision precision)
    {
        long elements = HeadShape.Chunk * (long)(config.HeadWidth + KvCacheCpu.PaddedWidth(config));
        return precision.IsInt8OnCpu() ? elements + (2 * HeadShape.Chunk * sizeof(float)) : elements * sizeof(float);
    }

    /// <summary>Stores one token's key and value, each [head width]; w8a8 stores them as int8 with a scale each.</summary>
    /// <exception cref="HarnessException">w8a8: a value is NaN or infinite.</exception>
    public void Write(float* key, float* value, int slot, in HeadShape shape)
    {
        if (shape.Quantized)
            WriteInt8(key, value, slot, shape);
        else
            WriteSingle(key, value, slot, shape);
    }

    /// <summary>Copies the first <paramref name="tokens"/> keys, their whole groups, and as many values.</summary>
    public void CopyTo(in HeadPage to, int tokens, in HeadShape shape)
    {
        int size = shape.Quantized ? sizeof(sbyte) : sizeof(float), group = shape.Quantized ? Int8Group : SingleGroup;
        Copy(Keys, to.Keys, (tokens + group - 1) / group * group * shape.HeadWidth * size);
        Copy(Values, to.Values, tokens * shape.PaddedWidth * size);
        if (!shape.Quantized)
            return;
        Copy(KeyScales, to.KeyScales, tokens * sizeof(float));
        Copy(ValueScales, to.ValueScales, tokens * sizeof(float));
    }

    void WriteInt8(float* key, float* value, int slot, in HeadShape shape)
    {
        int width = shape.HeadWidth;
        short* quantized = stackalloc short[width];
        KeyScales[slot] = shape.Quantize(key, quantized);
        sbyte* keys = (sbyte*)Keys + Int8Key(slot, 0, width);
        for (int i = 0; i < width; i += 2)
            *(short*)(keys + (i * Int8Group)) = (short)((byte)quantized[i] | (quantized[i + 1] << 8));
        ValueScales[slot] = shape.Quantize(value, quantized);
        sbyte* values = (sbyte*)Values + (slot * shape.PaddedWidth);
        int d = 0;
        for (; d + Vector128<sbyte>.Count <= width; d += Vector128<sbyte>.Count)
            Vector128.Narrow(Vector128.Load(quantized + d), Vector128.Load(quantized + d + Vector128<short>.Count)).Store(values + d);
        for (; d < width; d++)
            values[d] = (sbyte)quantized[d];
    }

    void WriteSingle(float* key, float* value, int slot, in HeadShape shape)
    {
        float* keys = (float*)Keys + SingleKey(slot, 0, shape.HeadWidth);
        float* values = (float*)Values + (slot * shape.PaddedWidth);
        for (int i = 0; i < shape.HeadWidth; i++)
        {
            keys[i * SingleGroup] = key[i];
            values[i] = value[i];
        }
    }

    static void Copy(void* from, void* to, long bytes) => Buffer.MemoryCopy(from, to, bytes, bytes);

    /// <summary>Place of a key's dimension among <see cref="Keys"/> as int8; the head's width is even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Int8Key(int slot, int dimension, int headWidth) =>
        (slot / Int8Group * Int8Group * headWidth) + ((dimension & ~1) * Int8Group) + (slot % Int8Group * 2) + (dimension & 1);

    /// <summary>Place of a key's dimension among <see cref="Keys"/> as float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SingleKey(int slot, int dimension, int headWidth) =>
        (slot / SingleGroup * SingleGroup * headWidth) + (dimension * SingleGroup) + (slot % SingleGroup);
}
