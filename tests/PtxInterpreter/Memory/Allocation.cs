using System.Runtime.InteropServices;

namespace PtxInterpreter.Memory;

/// <summary>A piece of device memory: its bytes, which of them were ever written, and who touched them in the launch that runs.</summary>
sealed unsafe class Allocation : IDisposable
{
    readonly AccessShadow?[] shadows = new AccessShadow?[3];
    readonly Lock creating = new();

    public Allocation(ulong start, long bytes, string purpose)
    {
        Start = start;
        Bytes = bytes;
        Purpose = purpose;
        Data = (byte*)NativeMemory.AllocZeroed((nuint)bytes + 16);
        Written = (byte*)NativeMemory.AllocZeroed((nuint)bytes + 16);
    }

    public ulong Start { get; }

    public long Bytes { get; }

    public string Purpose { get; }

    public byte* Data { get; private set; }

    /// <summary>255 for each byte that was written, 0 for the others.</summary>
    public byte* Written { get; private set; }

    public bool Freed { get; private set; }

    /// <summary>Whether a kernel has ever written to it, other than copies and fills.</summary>
    public bool WrittenByKernel { get; set; }

    public bool Contains(ulong address, long bytes) => address >= Start && address - Start <= (ulong)(Bytes - bytes) && bytes <= Bytes;

    /// <summary>Who touched it, by pieces of 1, 2 or 4 bytes.</summary>
    public AccessShadow Shadow(int granuleShift)
    {
        AccessShadow? shadow = shadows[granuleShift];
        if (shadow is not null)
            return shadow;
        lock (creating)
            return shadows[granuleShift] ??= new AccessShadow(Bytes, granuleShift, ofOneBlock: false);
    }

    public void ForgetAccesses()
    {
        foreach (AccessShadow? shadow in shadows)
            shadow?.Clear();
    }

    /// <summary>Frees the bytes; the place stays known, so that a later access is named.</summary>
    public void Dispose()
    {
        if (Freed)
            return;
        Freed = true;
        NativeMemory.Free(Data);
        NativeMemory.Free(Written);
        Data = Written = null;
        for (int i = 0; i < shadows.Length; i++)
        {
            shadows[i]?.Dispose();
            shadows[i] = null;
        }
    }
}
