using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Harness.Kernels.Cpu;

namespace Harness.Kernels.Ceiling;

/// <summary>The rate at which all threads together read memory that no cache holds.</summary>
public static unsafe class PeakBandwidth
{
    const long BytesPerThread = 128L << 20;
    const long PieceBytes = 1L << 20;

    /// <summary>Bytes a second, the median of repeats.</summary>
    public static double Measure(int threads, TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        using NativeBuffer<byte> buffer = new(threads * BytesPerThread);
        byte* data = buffer.Data;
        Cursor[] cursors = Enumerable.Range(0, threads).Select(_ => new Cursor()).ToArray();
        return Repeats.MedianRate(threads, duration, thread =>
        {
            Cursor cursor = cursors[thread];
            cursor.Checksum ^= Read(data + thread * BytesPerThread + cursor.Position);
            cursor.Position = (cursor.Position + PieceBytes) % BytesPerThread;
            return PieceBytes;
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static ulong Read(byte* data)
    {
        Vector256<ulong> a = default, b = default, c = default, d = default;
        for (byte* end = data + PieceBytes; data < end; data += 128)
        {
            a ^= Vector256.Load((ulong*)data);
            b ^= Vector256.Load((ulong*)(data + 32));
            c ^= Vector256.Load((ulong*)(data + 64));
            d ^= Vector256.Load((ulong*)(data + 96));
        }
        return (a ^ b ^ c ^ d)[0];
    }

    sealed class Cursor
    {
        public long Position { get; set; }

        public ulong Checksum { get; set; }
    }
}
