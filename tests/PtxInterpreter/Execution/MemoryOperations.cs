using System.Numerics;
using PtxInterpreter.Parsing;

namespace PtxInterpreter.Execution;

/// <summary>The address of an access in each lane: a register of 4 or 8 bytes, or none, and an offset.</summary>
readonly unsafe record struct LaneAddress(int Register, int RegisterBytes, long Offset)
{
    public ulong At(Warp warp, int lane) => (ulong)Offset + RegisterBytes switch
    {
        8 => warp.Lane64(Register, lane),
        4 => warp.Lane32(Register, lane),
        _ => 0,
    };

    /// <summary>Counts an access of <paramref name="bytes"/> bytes a lane, where traffic is counted.</summary>
    public void Count(Warp warp, StateSpace space, uint mask, int bytes)
    {
        if (warp.Block.Counts.Traffic is not { } traffic)
            return;
        Span<ulong> places = stackalloc ulong[Warp.Lanes];
        for (uint rest = mask; rest != 0; rest &= rest - 1)
            places[BitOperations.TrailingZeroCount(rest)] = At(warp, BitOperations.TrailingZeroCount(rest));
        traffic.Add(space, places, mask, bytes);
    }
}

/// <summary>How an element lies in memory.</summary>
readonly record struct ElementType(int Bytes, bool Signed);

/// <summary>A register that an access fills or reads; 4 or 8 bytes a lane.</summary>
readonly record struct LaneRegister(int Place, int Bytes);

/// <summary>ld: one to four elements a lane.</summary>
/// <param name="constant">Of memory that nothing writes: it may be made at any time.</param>
sealed unsafe class LoadOperation(
    StateSpace space, ElementType type, LaneRegister[] destinations, LaneAddress address, bool ordered, bool constant) : Operation
{
    readonly int bytes = type.Bytes * destinations.Length;

    public override void Execute(Warp warp, uint mask)
    {
        int first = BitOperations.TrailingZeroCount(mask);
        warp.Block.Counts.AddBytes(space, address.At(warp, first), (long)bytes * BitOperations.PopCount(mask), false);
        address.Count(warp, space, mask, bytes);
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            if (constant)
                warp.Block.Spaces.RequireConstant(warp, lane, address.At(warp, lane), bytes);
            byte* from = warp.Block.Spaces.Read(warp, lane, space, address.At(warp, lane), bytes, ordered);
            for (int i = 0; i < destinations.Length; i++)
            {
                ulong value = Element.Load(from + (i * type.Bytes), type);
                if (destinations[i].Bytes == 8)
                    warp.Lane64(destinations[i].Place, lane) = value;
                else
                    warp.Lane32(destinations[i].Place, lane) = (uint)value;
            }
        }
    }
}

/// <summary>prefetch: changes nothing, and must be of memory that is there.</summary>
sealed class PrefetchOperation(LaneAddress address) : Operation
{
    public override void Execute(Warp warp, uint mask)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            warp.Block.Spaces.RequireGlobal(warp, lane, address.At(warp, lane));
        }
    }
}

/// <summary>st: one to four elements a lane.</summary>
sealed unsafe class StoreOperation(StateSpace space, ElementType type, LaneRegister[] sources, LaneAddress address, bool ordered)
    : Operation
{
    readonly int bytes = type.Bytes * sources.Length;

    public override void Execute(Warp warp, uint mask)
    {
        int first = BitOperations.TrailingZeroCount(mask);
        warp.Block.Counts.AddBytes(space, address.At(warp, first), (long)bytes * BitOperations.PopCount(mask), true);
        address.Count(warp, space, mask, bytes);
        if (space != StateSpace.Local)
            mask = DropTwins(warp, mask);
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            byte* to = warp.Block.Spaces.Write(warp, lane, space, address.At(warp, lane), bytes, ordered);
            for (int i = 0; i < sources.Length; i++)
                Element.Store(to + (i * type.Bytes), type.Bytes, Value(warp, lane, i));
        }
    }

    ulong Value(Warp warp, int lane, int i) =>
        sources[i].Bytes == 8 ? warp.Lane64(sources[i].Place, lane) : warp.Lane32(sources[i].Place, lane);

    /// <summary>
    /// Lanes that write the same value to the same place as an earlier one need not; overlaps of any other kind are a race.
    /// </summary>
    uint DropTwins(Warp warp, uint mask)
    {
        ulong* places = stackalloc ulong[Warp.Lanes];
        bool ascending = true;
        ulong last = 0;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            places[lane] = address.At(warp, lane);
            ascending &= places[lane] >= last;
            last = places[lane] + (ulong)bytes;
        }
        if (ascending)
            return mask;
        uint kept = mask;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            for (uint later = rest & (rest - 1) & kept; later != 0; later &= later - 1)
            {
                int other = BitOperations.TrailingZeroCount(later);
                if (places[other] + (ulong)bytes <= places[lane] || places[lane] + (ulong)bytes <= places[other]
                    || IsElsewhere(places[lane]))
                    continue;
                if (places[other] != places[lane] || !SameValue(warp, lane, other))
                    throw warp.Fault(
                        FaultKind.Race,
                        1u << other,
                        $"race: writes {bytes} bytes at 0x{places[other]:x} that lane {lane} writes differently at once");
                kept &= ~(1u << other);
            }
        }
        return kept;
    }

    bool IsElsewhere(ulong place) => space == StateSpace.Generic && Memory.Windows.Split(place).Space == StateSpace.Local;

    bool SameValue(Warp warp, int lane, int other)
    {
        ulong bits = type.Bytes == 8 ? ulong.MaxValue : (1ul << (type.Bytes * 8)) - 1;
        for (int i = 0; i < sources.Length; i++)
        {
            if (((Value(warp, lane, i) ^ Value(warp, other, i)) & bits) != 0)
                return false;
        }
        return true;
    }
}

/// <summary>Elements in memory.</summary>
static unsafe class Element
{
    public static ulong Load(byte* from, ElementType type) => type switch
    {
        (1, false) => *from,
        (1, true) => (ulong)(sbyte)*from,
        (2, false) => *(ushort*)from,
        (2, true) => (ulong)*(short*)from,
        (4, false) => *(uint*)from,
        (4, true) => (ulong)*(int*)from,
        _ => *(ulong*)from,
    };

    public static void Store(byte* to, int bytes, ulong value)
    {
        switch (bytes)
        {
            case 1:
                *to = (byte)value;
                break;
            case 2:
                *(ushort*)to = (ushort)value;
                break;
            case 4:
                *(uint*)to = (uint)value;
                break;
            default:
                *(ulong*)to = value;
                break;
        }
    }
}

/// <summary>What an atomic operation makes of the old value and its operands.</summary>
delegate ulong AtomicFunction(ulong old, ulong b, ulong c);

/// <summary>atom and red.</summary>
sealed unsafe class AtomicOperation(
    StateSpace space,
    int bytes,
    AtomicFunction function,
    LaneRegister? destination,
    LaneAddress address,
    LaneRegister b,
    LaneRegister? c,
    bool acquires,
    bool releases) : Operation
{
    public override void Execute(Warp warp, uint mask)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            ulong place = address.At(warp, lane);
            byte* at = warp.Block.Spaces.Read(warp, lane, space, place, bytes, ordered: true);
            warp.Block.Spaces.Write(warp, lane, space, place, bytes, ordered: true);
            ulong old = acquires || releases ? ExchangeInOrder(warp, lane, place, at) : Exchange(warp, lane, at);
            if (destination is not { } result)
                continue;
            if (result.Bytes == 8)
                warp.Lane64(result.Place, lane) = old;
            else
                warp.Lane32(result.Place, lane) = (uint)old;
        }
    }

    static ulong Value(Warp warp, int lane, LaneRegister register) =>
        register.Bytes == 8 ? warp.Lane64(register.Place, lane) : warp.Lane32(register.Place, lane);

    ulong ExchangeInOrder(Warp warp, int lane, ulong place, byte* at)
    {
        Memory.BlockOrder order = warp.Block.Order;
        Memory.RaceDetector races = warp.Block.Races;
        lock (order)
        {
            ulong old = Exchange(warp, lane, at);
            if (acquires)
                races.Acquire(order.At(place), warp, lane);
            if (releases)
                order.Release(place, races.Released(warp, lane));
            return old;
        }
    }

    ulong Exchange(Warp warp, int lane, byte* at) => Exchange(at, Value(warp, lane, b), c is { } third ? Value(warp, lane, third) : 0);

    ulong Exchange(byte* at, ulong b, ulong c)
    {
        while (true)
        {
            if (bytes == 8)
            {
                ulong old = Volatile.Read(ref *(ulong*)at);
                if (Interlocked.CompareExchange(ref *(ulong*)at, function(old, b, c), old) == old)
                    return old;
            }
            else
            {
                uint old = Volatile.Read(ref *(uint*)at);
                if (Interlocked.CompareExchange(ref *(uint*)at, (uint)function(old, b, c), old) == old)
                    return old;
            }
        }
    }
}
