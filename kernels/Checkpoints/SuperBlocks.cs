using System.Runtime.CompilerServices;

namespace Harness.Kernels.Checkpoints;

/// <summary>
/// The K formats: super-blocks of 256 values in sub-blocks of 16 or 32, each with an integer scale (and minimum) under the
/// super-block's float16 d (and dmin): value = (d * scale) * q - dmin * minimum. Both products are exact in float32 (at most
/// 11 + 7 + 6 bits), so each value is rounded once.
/// </summary>
static class SuperBlocks
{
    const int Length = 256;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DecodeQ2K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Length; values = values[Length..], blocks = blocks[84..])
        {
            ReadOnlySpan<byte> scales = blocks[..16];
            float d = ScaledBlocks.Half(blocks[80..]);
            float dmin = ScaledBlocks.Half(blocks[82..]);
            for (int i = 0; i < Length; i++)
            {
                (int quant, int scale) = (TwoBits(blocks[16..], i), scales[i / 16]);
                values[i] = d * (scale & 15) * quant - dmin * (scale >> 4);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DecodeQ3K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        Span<int> scales = stackalloc int[16];
        for (; values.Length >= Length; values = values[Length..], blocks = blocks[110..])
        {
            SixBitScalesQ3K(blocks.Slice(96, 12), scales);
            float d = ScaledBlocks.Half(blocks[108..]);
            for (int i = 0; i < Length; i++)
            {
                int third = (blocks[i % 32] >> (i / 32)) & 1;
                values[i] = d * scales[i / 16] * (TwoBits(blocks[32..], i) - 4 * (1 - third));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DecodeQ4K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Length; values = values[Length..], blocks = blocks[144..])
        {
            ReadOnlySpan<byte> quants = blocks[16..144];
            for (int group = 0; group < 8; group++)
            {
                (float scale, float minimum) = ScaleAndMinimum(blocks, group);
                for (int i = 0; i < 32; i++)
                    values[32 * group + i] = scale * Nibble(quants[32 * (group / 2) + i], group) - minimum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DecodeQ5K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Length; values = values[Length..], blocks = blocks[176..])
        {
            ReadOnlySpan<byte> fifths = blocks[16..48];
            ReadOnlySpan<byte> quants = blocks[48..176];
            for (int group = 0; group < 8; group++)
            {
                (float scale, float minimum) = ScaleAndMinimum(blocks, group);
                for (int i = 0; i < 32; i++)
                {
                    int fifth = ((fifths[i] >> group) & 1) << 4;
                    values[32 * group + i] = scale * (Nibble(quants[32 * (group / 2) + i], group) | fifth) - minimum;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DecodeQ6K(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Length; values = values[Length..], blocks = blocks[210..])
        {
            float d = ScaledBlocks.Half(blocks[208..]);
            for (int i = 0; i < Length; i++)
            {
                (int half, int quarter, int lane) = (i / 128, i % 128 / 32, i % 32);
                int low = Nibble(blocks[64 * half + 32 * (quarter % 2) + lane], quarter / 2);
                int high = (blocks[128 + 32 * half + lane] >> (2 * quarter)) & 3;
                values[i] = d * (sbyte)blocks[192 + i / 16] * ((low | (high << 4)) - 32);
            }
        }
    }

    /// <summary>Each 32 bytes hold 128 values, two bits each: value i of a half in byte i mod 32.</summary>
    static int TwoBits(ReadOnlySpan<byte> quants, int i) => (quants[32 * (i / 128) + i % 32] >> (2 * (i % 128 / 32))) & 3;

    static int Nibble(byte packed, int group) => (packed >> (4 * (group % 2))) & 15;

    /// <summary>Q4_K and Q5_K: eight 6-bit scales and minima in 12 bytes after d and dmin.</summary>
    static (float Scale, float Minimum) ScaleAndMinimum(ReadOnlySpan<byte> block, int group)
    {
        ReadOnlySpan<byte> packed = block.Slice(4, 12);
        (int scale, int minimum) = group < 4
            ? (packed[group] & 63, packed[group + 4] & 63)
            : ((packed[group + 4] & 15) | (packed[group - 4] >> 6 << 4), (packed[group + 4] >> 4) | (packed[group] >> 6 << 4));
        return (ScaledBlocks.Half(block) * scale, ScaledBlocks.Half(block[2..]) * minimum);
    }

    /// <summary>
    /// Sixteen 6-bit scales, biased by 32: low nibbles in eight bytes, the two high bits of scale i in bits 2 (i / 4) of byte 8 + i mod 4.
    /// </summary>
    static void SixBitScalesQ3K(ReadOnlySpan<byte> packed, Span<int> scales)
    {
        for (int i = 0; i < 16; i++)
        {
            int low = (packed[i % 8] >> (4 * (i / 8))) & 15;
            int high = (packed[8 + i % 4] >> (2 * (i / 4))) & 3;
            scales[i] = (low | (high << 4)) - 32;
        }
    }
}
