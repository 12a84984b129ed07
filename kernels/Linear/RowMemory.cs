using Harness.Kernels.Cpu;

namespace Harness.Kernels.Linear;

/// <summary>
/// One piece of memory for many <see cref="RowBuffer"/>s that are used together: so large that it asks for huge pages where the buffers
/// alone would not, and a pass over all of them does not wait for the page table.
/// </summary>
/// <param name="bytes">Of all buffers, as <see cref="RowBuffer.Bytes"/> gives them.</param>
public sealed unsafe class RowMemory(Int128 bytes) : IDisposable
{
    readonly NativeBuffer<float> memory = new((long)(bytes / sizeof(float)));
    long taken;

    /// <summary>The next floats; a multiple of a cache line.</summary>
    internal float* Take(long length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(taken + length, memory.Length);
        taken += length;
        return memory.Data + (taken - length);
    }

    public void Dispose() => memory.Dispose();
}
