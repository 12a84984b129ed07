using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Harness.Kernels.Checkpoints;

/// <summary>
/// Blocks of 32 values with one float16 scale d and, in the _1 formats, one float16 minimum m: value = d * q + m. The low nibbles
/// hold values 0..15, the high ones 16..31. d * q is exact in float32 (11 + 8 bits), so each value is rounded once.
/// </summary>
static class ScaledBlocks
{
    const int Length = 32;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DecodeQ4_0(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Length; values = values[Length..], blocks = blocks[18..])
        {
            float scale = Half(blocks);
            StoreNibbles(Vector128.Create(blocks.Slice(2, 16)), Vector128<byte>.Zero, Vector128<byte>.Zero, scale, -8 * scale, values);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DecodeQ4_1(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Length; values = values[Length..], blocks = blocks[20..])
        {
            Vector128<byte> packed = Vector128.Create(blocks.Slice(4, 16));
            StoreNibbles(packed, Vector128<byte>.Zero, Vector128<byte>.Zero, Half(blocks), Half(blocks[2..]), values);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DecodeQ5_0(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Length; values = values[Length..], blocks = blocks[22..])
        {
            float scale = Half(blocks);
            (Vector128<byte> low, Vector128<byte> high) = FifthBits(BinaryPrimitives.ReadUInt32LittleEndian(blocks[2..]));
            StoreNibbles(Vector128.Create(blocks.Slice(6, 16)), low, high, scale, -16 * scale, values);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DecodeQ5_1(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Length; values = values[Length..], blocks = blocks[24..])
        {
            (Vector128<byte> low, Vector128<byte> high) = FifthBits(BinaryPrimitives.ReadUInt32LittleEndian(blocks[4..]));
            StoreNibbles(Vector128.Create(blocks.Slice(8, 16)), low, high, Half(blocks), Half(blocks[2..]), values);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DecodeQ8_0(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (; values.Length >= Length; values = values[Length..], blocks = blocks[34..])
        {
            Vector128<float> scale = Vector128.Create(Half(blocks));
            for (int i = 0; i < Length; i += 16)
            {
                (Vector128<short> first, Vector128<short> second) = Vector128.Widen(Vector128.Create(blocks.Slice(2 + i, 16)).AsSByte());
                StoreEight(first, scale, Vector128<float>.Zero, values[i..]);
                StoreEight(second, scale, Vector128<float>.Zero, values[(i + 8)..]);
            }
        }
    }

    public static float Half(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);

    /// <summary>Bit j of <paramref name="bits"/> as the value 16 of lane j: lanes 0..15, then 16..31.</summary>
    static (Vector128<byte> Low, Vector128<byte> High) FifthBits(uint bits)
    {
        Vector128<byte> masks = Vector128.Create((byte)1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128);
        return (Spread((ushort)bits), Spread((ushort)(bits >> 16)));

        Vector128<byte> Spread(ushort half)
        {
            Vector128<byte> bytes = Vector128.Create(Vector64.Create((byte)half), Vector64.Create((byte)(half >> 8)));
            return Vector128.Equals(bytes & masks, masks) & Vector128.Create((byte)16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreNibbles(
        Vector128<byte> packed, Vector128<byte> fifthLow, Vector128<byte> fifthHigh, float scale, float offset, Span<float> values)
    {
        Vector128<float> scales = Vector128.Create(scale);
        Vector128<float> offsets = Vector128.Create(offset);
        StoreSixteen((packed & Vector128.Create((byte)15)) | fifthLow, scales, offsets, values);
        StoreSixteen(Vector128.ShiftRightLogical(packed, 4) | fifthHigh, scales, offsets, values[16..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreSixteen(Vector128<byte> quants, Vector128<float> scale, Vector128<float> offset, Span<float> values)
    {
        (Vector128<ushort> first, Vector128<ushort> second) = Vector128.Widen(quants);
        StoreEight(first.AsInt16(), scale, offset, values);
        StoreEight(second.AsInt16(), scale, offset, values[8..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreEight(Vector128<short> quants, Vector128<float> scale, Vector128<float> offset, Span<float> values)
    {
        (Vector128<int> first, Vector128<int> second) = Vector128.Widen(quants);
        (Vector128.ConvertToSingle(first) * scale + offset).CopyTo(values);
        (Vector128.ConvertToSingle(second) * scale + offset).CopyTo(values[4..]);
    }
}
