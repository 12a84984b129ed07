using System.Numerics;
using PtxInterpreter.Parsing;

namespace PtxInterpreter.Execution;

/// <summary>
/// The cp.async of a warp's threads. The bytes are taken when a copy starts and arrive only when its thread waits for its group, so a
/// kernel that forgets to wait reads bytes that are under way, which is a fault.
/// </summary>
sealed unsafe class AsyncCopies(Warp warp)
{
    readonly List<Copy> underWay = [];
    readonly int[] groups = new int[Warp.Lanes];

    public void Clear()
    {
        underWay.Clear();
        Array.Clear(groups);
    }

    public void Start(int lane, ulong to, ulong from, int bytes, int sourceBytes)
    {
        var copy = new Copy(lane, groups[lane], 0, bytes, default);
        if (sourceBytes > 0)
        {
            byte* source = ReadSource(lane, from, bytes, sourceBytes);
            Buffer.MemoryCopy(source, &copy.Data, bytes, sourceBytes);
        }
        long place = warp.Block.Shared.Place(warp, lane, to, bytes);
        if (to % (ulong)bytes != 0)
            throw warp.Fault(FaultKind.Misaligned, 1u << lane, $"{bytes} bytes to the address {to}, which is no multiple of them");
        warp.Block.Races.Write(warp.Block.Shared.Shadow, place, bytes, warp, lane, underWay: true);
        copy.Place = place;
        underWay.Add(copy);
    }

    /// <summary>Checks a source whose used part may be shorter than the copy, byte by byte where it is no power of two.</summary>
    byte* ReadSource(int lane, ulong from, int bytes, int sourceBytes)
    {
        if (from % (ulong)bytes != 0)
            throw warp.Fault(FaultKind.Misaligned, 1u << lane, $"{bytes} bytes from the address 0x{from:x}, which is no multiple of them");
        if (sourceBytes == bytes)
            return warp.Block.Spaces.Read(warp, lane, StateSpace.Global, from, bytes);
        byte* first = warp.Block.Spaces.Read(warp, lane, StateSpace.Global, from, 1);
        for (int i = 1; i < sourceBytes; i++)
            warp.Block.Spaces.Read(warp, lane, StateSpace.Global, from + (ulong)i, 1);
        return first;
    }

    public void Commit(uint mask)
    {
        for (; mask != 0; mask &= mask - 1)
            groups[BitOperations.TrailingZeroCount(mask)]++;
    }

    /// <summary>All but the newest <paramref name="left"/> groups of each lane arrive.</summary>
    public void Wait(uint mask, int left)
    {
        int kept = 0;
        for (int i = 0; i < underWay.Count; i++)
        {
            Copy copy = underWay[i];
            if ((mask >> copy.Lane & 1) != 0 && copy.Group < groups[copy.Lane] - left)
                Arrive(copy);
            else
                underWay[kept++] = copy;
        }
        underWay.RemoveRange(kept, underWay.Count - kept);
    }

    void Arrive(Copy copy)
    {
        Buffer.MemoryCopy(&copy.Data, warp.Block.Shared.Data + copy.Place, copy.Bytes, copy.Bytes);
        warp.Block.Races.Arrive(warp.Block.Shared.Shadow, copy.Place, copy.Bytes, warp, copy.Lane);
    }

    record struct Copy(int Lane, int Group, long Place, int Bytes, UInt128 Data)
    {
        public UInt128 Data = Data;
    }
}

/// <summary>cp.async: 4, 8 or 16 bytes a lane from device to shared memory; what the source is short is zero.</summary>
sealed class AsyncCopyOperation(int bytes, LaneAddress to, LaneAddress from, int sourceBytes, PredicateSource ignore) : Operation
{
    public override void Execute(Warp warp, uint mask)
    {
        long copied = 0;
        uint read = 0;
        ulong firstAddress = from.At(warp, BitOperations.TrailingZeroCount(mask));
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            long used = sourceBytes < 0 ? bytes : warp.Lane32(sourceBytes, lane);
            if (used > bytes)
                throw warp.Fault(FaultKind.OutOfBounds, 1u << lane, $"the source of a copy of {bytes} bytes has {used}");
            if (ignore.Holds(warp, lane))
                used = 0;
            copied += used;
            read |= used > 0 ? 1u << lane : 0;
            warp.Copies.Start(lane, to.At(warp, lane), from.At(warp, lane), bytes, (int)used);
        }
        warp.Block.Counts.AddBytes(StateSpace.Global, firstAddress, copied, false);
        warp.Block.Counts.AddBytes(StateSpace.Shared, firstAddress, (long)bytes * BitOperations.PopCount(mask), true);
        from.Count(warp, StateSpace.Global, read, bytes);
        to.Count(warp, StateSpace.Shared, mask, bytes);
    }
}

/// <summary>A predicate that may be absent.</summary>
readonly record struct PredicateSource(int Register, bool Negated)
{
    public static PredicateSource None { get; } = new(-1, false);

    public bool Holds(Warp warp, int lane) => Register >= 0 && (warp.Predicate(Register) >> lane & 1) != (Negated ? 1u : 0);
}

sealed class AsyncCommitOperation : Operation
{
    public override void Execute(Warp warp, uint mask) => warp.Copies.Commit(mask);
}

/// <summary>cp.async.wait_group, and wait_all with <paramref name="all"/>: that commits first.</summary>
sealed class AsyncWaitOperation(int left, bool all) : Operation
{
    public override void Execute(Warp warp, uint mask)
    {
        if (all)
            warp.Copies.Commit(mask);
        warp.Copies.Wait(mask, left);
    }
}
