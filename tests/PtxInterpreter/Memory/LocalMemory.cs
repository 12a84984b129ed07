using System.Runtime.InteropServices;

namespace PtxInterpreter.Memory;

/// <summary>The local variables of a warp's threads, lane after lane, and which of their bytes were written.</summary>
sealed unsafe class LocalMemory(int bytesPerLane) : IDisposable
{
    readonly byte* data = (byte*)NativeMemory.AllocZeroed((nuint)(bytesPerLane * 32) + 16);
    readonly byte* written = (byte*)NativeMemory.AllocZeroed((nuint)(bytesPerLane * 32) + 16);

    public int BytesPerLane => bytesPerLane;

    public void Clear() => NativeMemory.Clear(written, (nuint)(bytesPerLane * 32));

    public byte* At(int lane, ulong address) => data + (lane * bytesPerLane) + (address - Windows.FirstOffset);

    public byte* WrittenAt(int lane, ulong address) => written + (lane * bytesPerLane) + (address - Windows.FirstOffset);

    public bool Contains(ulong address, int bytes) =>
        address >= Windows.FirstOffset && address - Windows.FirstOffset + (ulong)bytes <= (ulong)bytesPerLane;

    public void Dispose()
    {
        NativeMemory.Free(data);
        NativeMemory.Free(written);
    }
}
