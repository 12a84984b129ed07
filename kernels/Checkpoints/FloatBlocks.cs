using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Harness.Kernels.Checkpoints;

/// <summary>Plain floating-point elements, little-endian.</summary>
static class FloatBlocks
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DecodeF32(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            blocks[..(values.Length * 4)].CopyTo(MemoryMarshal.AsBytes(values));
            return;
        }
        for (int i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(blocks[(4 * i)..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DecodeF16(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(blocks[(2 * i)..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DecodeBF16(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(blocks[(2 * i)..]) << 16);
    }
}
