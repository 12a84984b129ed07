using System.Runtime.InteropServices;

namespace Harness.Kernels.Cpu;

/// <summary>Zeroed memory outside the garbage collector, aligned to 64 bytes, that kernels address by pointer.</summary>
public sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    T* pointer;

    public NativeBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        pointer = (T*)AlignedMemory.Allocate(checked(length * sizeof(T)));
    }

    ~NativeBuffer() => Free();

    public long Length { get; }

    /// <summary>First element; invalid after disposal.</summary>
    public T* Data => pointer;

    public Span<T> Span => new(pointer, checked((int)Length));

    public Span<T> Slice(long start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + length, Length);
        return new Span<T>(pointer + start, length);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    void Free()
    {
        NativeMemory.AlignedFree(pointer);
        pointer = null;
    }
}
