using System.Buffers.Binary;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Files;

/// <summary>Reads a GGUF file's header front to back; nothing is read, skipped or allocated that the file's length can't hold.</summary>
sealed class GgufCursor(MappedFile file, long position = 0)
{
    public long Position { get; private set; } = position;

    public long Remaining => file.Length - Position;

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>A string's bytes: its length as 64 bits, then UTF-8 without a terminator.</summary>
    public ReadOnlySpan<byte> ReadString()
    {
        ulong length = ReadUInt64();
        if (length > (ulong)Remaining || length > int.MaxValue)
            throw Corrupt($"a string of {length} bytes, and {Remaining} are left");
        return Take((int)length);
    }

    /// <summary>A count of things that take at least <paramref name="leastBytes"/> bytes each.</summary>
    public long ReadCount(string what, long leastBytes)
    {
        ulong count = ReadUInt64();
        if (count > (ulong)(Remaining / leastBytes))
            throw Corrupt($"{count} {what}, and {Remaining} bytes are left");
        return (long)count;
    }

    public void Skip(long bytes)
    {
        if (bytes > Remaining)
            throw Corrupt($"{bytes} bytes are needed, and {Remaining} are left");
        Position += bytes;
    }

    public HarnessException Corrupt(string what) => KernelCodes.ModelCorrupt.With($"byte {Position}: {what}", file.Path);

    ReadOnlySpan<byte> Take(int bytes)
    {
        long start = Position;
        Skip(bytes);
        return file.Slice(start, bytes);
    }
}
