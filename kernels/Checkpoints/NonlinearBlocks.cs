using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Harness.Kernels.Checkpoints;

/// <summary>The IQ4 formats: each nibble names one of sixteen unevenly spaced int8 levels; value = scale * level.</summary>
static class NonlinearBlocks
{
    static ReadOnlySpan<sbyte> Levels => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    public static void DecodeIQ4NL(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= 32; values = values[32..], blocks = blocks[18..])
            Store(blocks.Slice(2, 16), ScaledBlocks.Half(blocks), values);
    }

    /// <summary>Super-blocks of 256: d, eight 6-bit scales biased by 32 (high bits, then low nibbles), 128 bytes of nibbles.</summary>
    public static void DecodeIQ4XS(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= 256; values = values[256..], blocks = blocks[136..])
        {
            float d = ScaledBlocks.Half(blocks);
            int high = BinaryPrimitives.ReadUInt16LittleEndian(blocks[2..]);
            for (int group = 0; group < 8; group++)
            {
                int low = (blocks[4 + group / 2] >> (4 * (group % 2))) & 15;
                int scale = (low | (((high >> (2 * group)) & 3) << 4)) - 32;
                Store(blocks.Slice(8 + 16 * group, 16), d * scale, values[(32 * group)..]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Store(ReadOnlySpan<byte> nibbles, float scale, Span<float> values)
    {
        for (int i = 0; i < 16; i++)
        {
            values[i] = scale * Levels[nibbles[i] & 15];
            values[16 + i] = scale * Levels[nibbles[i] >> 4];
        }
    }
}
