using PtxInterpreter.Execution;
using PtxInterpreter.Parsing;

namespace PtxInterpreter.Memory;

/// <summary>Turns the addresses of a block's threads into places in memory, and checks each access.</summary>
sealed unsafe class AddressSpaces(BlockExecutor block, DecodedKernel kernel)
{
    readonly bool awaits = block.Options.KernelsStartEarly;
    readonly Allocation?[] lastOf = new Allocation?[kernel.Operations.Length];

    /// <summary>A place to read <paramref name="bytes"/> bytes from.</summary>
    public byte* Read(Warp warp, int lane, StateSpace space, ulong address, int bytes, bool ordered = false)
    {
        (space, address) = Resolve(warp, lane, space, address, bytes);
        switch (space)
        {
            case StateSpace.Param:
                return Parameter(warp, lane, address, bytes);
            case StateSpace.Shared:
                long place = block.Shared.Place(warp, lane, address, bytes);
                if (!ordered)
                    block.Races.Read(block.Shared.Shadow, place, bytes, warp, lane);
                if (block.Options.FindUninitialised && !block.Races.IsWritten(block.Shared.Shadow, place, bytes))
                    throw Unwritten(warp, lane, "shared", address, bytes);
                return block.Shared.Data + place;
            case StateSpace.Local:
                CheckLocal(warp, lane, address, bytes);
                if (block.Options.FindUninitialised && !AllWritten(warp.LocalMemory.WrittenAt(lane, address), bytes))
                    throw Unwritten(warp, lane, "local", address, bytes);
                return warp.LocalMemory.At(lane, address);
            default:
                return ReadGlobal(warp, lane, address, bytes, ordered);
        }
    }

    /// <summary>A place to write to. <paramref name="ordered"/>: an atomic or a volatile access, which is no part of a race.</summary>
    public byte* Write(Warp warp, int lane, StateSpace space, ulong address, int bytes, bool ordered = false)
    {
        (space, address) = Resolve(warp, lane, space, address, bytes);
        switch (space)
        {
            case StateSpace.Shared:
                long place = block.Shared.Place(warp, lane, address, bytes);
                if (ordered)
                    block.Races.WriteOrdered(block.Shared.Shadow, place, bytes);
                else
                    block.Races.Write(block.Shared.Shadow, place, bytes, warp, lane);
                return block.Shared.Data + place;
            case StateSpace.Local:
                CheckLocal(warp, lane, address, bytes);
                new Span<byte>(warp.LocalMemory.WrittenAt(lane, address), bytes).Fill(255);
                return warp.LocalMemory.At(lane, address);
            case StateSpace.Param or StateSpace.Constant:
                throw warp.Fault(
                    FaultKind.OutOfBounds, 1u << lane, $"writes to {space.ToString().ToLowerInvariant()} memory at 0x{address:x}");
            default:
                Allocation allocation = Global(warp, lane, address, bytes);
                if (awaits && (warp.Awaited >> lane & 1) == 0)
                    throw warp.Fault(
                        FaultKind.BeforeWait,
                        1u << lane,
                        $"writes to 0x{address:x} ({allocation.Purpose}) before it awaits the previous kernel");
                allocation.WrittenByKernel = true;
                long offset = (long)(address - allocation.Start);
                if (!ordered && block.Options.FindGlobalRaces)
                    block.Races.Write(allocation.Shadow(kernel.GlobalGranuleShift), offset, bytes, warp, lane);
                MarkWritten(allocation.Written + offset, bytes);
                return allocation.Data + offset;
        }
    }

    /// <summary>
    /// Fails where a load that may be made at any time, also before the wait for the previous kernel, is of memory that kernels write.
    /// </summary>
    public void RequireConstant(Warp warp, int lane, ulong address, int bytes)
    {
        if (awaits && Global(warp, lane, address, bytes) is { WrittenByKernel: true } written)
            throw warp.Fault(
                FaultKind.BeforeWait,
                1u << lane,
                $"reads 0x{address:x} ({written.Purpose}), which kernels write, by a load that may come before the wait for the previous "
                + "kernel");
    }

    /// <summary>Fails where no device memory lies at an address.</summary>
    public void RequireGlobal(Warp warp, int lane, ulong address) => Global(warp, lane, address, 1);

    static (StateSpace Space, ulong Address) Resolve(Warp warp, int lane, StateSpace space, ulong address, int bytes)
    {
        if ((address & (ulong)(bytes - 1)) != 0)
            throw warp.Fault(FaultKind.Misaligned, 1u << lane, $"{bytes} bytes at the address 0x{address:x}, which is no multiple of them");
        return space == StateSpace.Generic ? Windows.Split(address) : (space, address);
    }

    byte* ReadGlobal(Warp warp, int lane, ulong address, int bytes, bool ordered)
    {
        Allocation allocation = Global(warp, lane, address, bytes);
        if (awaits && (warp.Awaited >> lane & 1) == 0 && allocation.WrittenByKernel)
            throw warp.Fault(
                FaultKind.BeforeWait,
                1u << lane,
                $"reads 0x{address:x} ({allocation.Purpose}), which kernels write, before it awaits the previous kernel");
        long offset = (long)(address - allocation.Start);
        if (!ordered && block.Options.FindGlobalRaces)
            block.Races.Read(allocation.Shadow(kernel.GlobalGranuleShift), offset, bytes, warp, lane);
        if (block.Options.FindUninitialised && !AllWritten(allocation.Written + offset, bytes))
            throw Unwritten(warp, lane, allocation.Purpose, address, bytes);
        return allocation.Data + offset;
    }

    Allocation Global(Warp warp, int lane, ulong address, int bytes)
    {
        ref Allocation? last = ref lastOf[warp.Current.Index];
        if (last is not null && !last.Freed && last.Contains(address, bytes))
            return last;
        if (block.Memory.At(address) is { } found && found.Contains(address, bytes))
        {
            if (found.Freed)
                throw warp.Fault(
                    FaultKind.FreedMemory, 1u << lane, $"{bytes} bytes at 0x{address:x}: {block.Memory.Describe(address, bytes)}");
            return last = found;
        }
        throw warp.Fault(
            FaultKind.OutOfBounds, 1u << lane, $"{bytes} bytes at 0x{address:x} of device memory: {block.Memory.Describe(address, bytes)}");
    }

    byte* Parameter(Warp warp, int lane, ulong address, int bytes)
    {
        if (address < Windows.FirstOffset || address - Windows.FirstOffset + (ulong)bytes > (ulong)kernel.ParameterBytes)
            throw warp.Fault(
                FaultKind.OutOfBounds,
                1u << lane,
                $"{bytes} bytes at {address - Windows.FirstOffset} of {kernel.ParameterBytes} bytes of parameters");
        return block.Parameters + (address - Windows.FirstOffset);
    }

    static void CheckLocal(Warp warp, int lane, ulong address, int bytes)
    {
        if (warp.LocalMemory.Contains(address, bytes))
            return;
        string place = $"{(long)(address - Windows.FirstOffset)} of {warp.LocalMemory.BytesPerLane} bytes of local memory";
        throw warp.Fault(FaultKind.OutOfBounds, 1u << lane, $"{bytes} bytes at {place}");
    }

    static bool AllWritten(byte* written, int bytes) => bytes switch
    {
        1 => *written == 255,
        2 => *(ushort*)written == ushort.MaxValue,
        4 => *(uint*)written == uint.MaxValue,
        8 => *(ulong*)written == ulong.MaxValue,
        _ => !new ReadOnlySpan<byte>(written, bytes).Contains((byte)0),
    };

    static void MarkWritten(byte* written, int bytes) => new Span<byte>(written, bytes).Fill(255);

    static KernelFaultException Unwritten(Warp warp, int lane, string where, ulong address, int bytes) =>
        warp.Fault(FaultKind.Uninitialised, 1u << lane, $"reads {bytes} bytes at 0x{address:x} ({where}) that were never written");
}
