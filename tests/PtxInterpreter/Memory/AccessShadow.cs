using System.Runtime.InteropServices;

namespace PtxInterpreter.Memory;

/// <summary>
/// Who last wrote and who last read each granule of 1, 2 or 4 bytes. An entry is a word: launch and block, the time of the thread's
/// warp, whether several threads read, and the thread. Two blocks that run at once write it without locks: an entry may be lost, so a
/// race between blocks is found nearly always, one within a block always.
/// </summary>
sealed unsafe class AccessShadow : IDisposable
{
    readonly nuint bytes;

    /// <param name="ofOneBlock">Shared memory: what other blocks left there is no part of a race.</param>
    public AccessShadow(long dataBytes, int granuleShift, bool ofOneBlock)
    {
        Shift = granuleShift;
        OfOneBlock = ofOneBlock;
        bytes = (nuint)(((dataBytes >> granuleShift) + 4) * sizeof(ulong));
        Writers = (ulong*)NativeMemory.AllocZeroed(bytes);
        Readers = (ulong*)NativeMemory.AllocZeroed(bytes);
    }

    /// <summary>Log2 of the granule's bytes.</summary>
    public int Shift { get; }

    public bool OfOneBlock { get; }

    public ulong* Writers { get; }

    public ulong* Readers { get; }

    public void Clear()
    {
        NativeMemory.Clear(Writers, bytes);
        NativeMemory.Clear(Readers, bytes);
    }

    public void Dispose()
    {
        NativeMemory.Free(Writers);
        NativeMemory.Free(Readers);
    }
}

/// <summary>The fields of a word of an <see cref="AccessShadow"/>.</summary>
static class AccessEntry
{
    public const int BlockShift = 33;
    public const int LaunchShift = 51;
    public const int LaunchBits = 13;
    public const int TimeShift = 12;
    public const uint MostTime = 1 << 21;
    public const long MostBlocks = 1 << 18;

    const ulong ScopeMask = 3ul << 10;

    /// <summary>Readers are lanes of one warp, in one interval.</summary>
    public const ulong ManyLanes = 1ul << 10;

    /// <summary>Readers are warps of one block; the time is the block's.</summary>
    public const ulong ManyWarps = 2ul << 10;

    /// <summary>Readers are several blocks; for writers, the bytes belong to a cp.async that is under way.</summary>
    public const ulong ManyBlocksOrUnderWay = 3ul << 10;

    public static ulong Tag(ulong launch, long block) => launch << LaunchShift | (ulong)block << BlockShift;

    public static uint Time(ulong entry) => (uint)(entry >> TimeShift) & (MostTime - 1);

    public static int Thread(ulong entry) => (int)(entry & 1023);

    public static ulong Scope(ulong entry) => entry & ScopeMask;

    public static long Block(ulong entry) => (long)(entry >> BlockShift) & (MostBlocks - 1);
}
