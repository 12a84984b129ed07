using PtxInterpreter.Execution;

namespace PtxInterpreter.Memory;

/// <summary>
/// Finds accesses of different threads to the same bytes, at least one of them a write, that nothing orders. bar.sync orders a block's
/// threads, bar.warp.sync those of a warp; a shuffle or vote orders no memory, as the CUDA guide has it. Blocks of a launch are ordered by
/// atomic operations alone: one that releases, and one at the same address that acquires what it released.
/// </summary>
sealed unsafe class RaceDetector(BlockExecutor block)
{
    /// <summary>Blocks that this one acquired, by number.</summary>
    readonly Dictionary<long, HashSet<Acquired>> acquired = [];
    long number;
    ulong tag;

    /// <summary>What a thread acquired is also its warp's behind a barrier of the warp, and its block's behind one of the block.</summary>
    readonly record struct Acquired(ReleasedBlock Block, int Thread, uint Time, uint Interval);

    public void StartBlock(ulong launch, long index)
    {
        tag = AccessEntry.Tag(launch, index);
        number = index;
        acquired.Clear();
    }

    /// <summary>This block as a thread of it releases it, and what the thread knows of others by then.</summary>
    public IEnumerable<ReleasedBlock> Released(Warp warp, int lane)
    {
        int thread = Thread(warp, lane);
        yield return new ReleasedBlock(number, block.Interval, block.IntervalStarts, thread, warp.Time);
        foreach (Acquired known in acquired.Values.SelectMany(blocks => blocks))
        {
            if (IsKnown(known, warp, thread))
                yield return known.Block;
        }
    }

    public void Acquire(IEnumerable<ReleasedBlock> blocks, Warp warp, int lane)
    {
        foreach (ReleasedBlock other in blocks.Where(other => other.Block != number))
        {
            if (!acquired.TryGetValue(other.Block, out HashSet<Acquired>? known))
                acquired.Add(other.Block, known = []);
            known.Add(new Acquired(other, Thread(warp, lane), warp.Time, block.Interval));
        }
    }

    /// <summary>Whether this block wrote the granules in this launch: how shared memory knows what was never written.</summary>
    public bool IsWritten(AccessShadow shadow, long offset, int bytes)
    {
        (long first, long last) = Granules(shadow, offset, bytes);
        for (long g = first; g <= last; g++)
        {
            if ((shadow.Writers[g] ^ tag) >> AccessEntry.BlockShift != 0)
                return false;
        }
        return true;
    }

    public void Read(AccessShadow shadow, long offset, int bytes, Warp warp, int lane)
    {
        ulong mine = Entry(warp, lane);
        (long first, long last) = Granules(shadow, offset, bytes);
        for (long g = first; g <= last; g++)
        {
            ulong writer = shadow.Writers[g];
            if (writer != 0 && writer != mine && Conflicts(shadow, writer, warp, mine))
                throw Race(warp, lane, writer, "reads", "wrote");
            ulong reader = shadow.Readers[g];
            if (reader != mine)
                shadow.Readers[g] = Join(shadow, reader, warp, mine);
        }
    }

    public void Write(AccessShadow shadow, long offset, int bytes, Warp warp, int lane, bool underWay = false)
    {
        ulong mine = Entry(warp, lane);
        (long first, long last) = Granules(shadow, offset, bytes);
        for (long g = first; g <= last; g++)
        {
            ulong writer = shadow.Writers[g], reader = shadow.Readers[g];
            if (writer != 0 && writer != mine && Conflicts(shadow, writer, warp, mine))
                throw Race(warp, lane, writer, "writes", "wrote");
            if (reader != 0 && reader != mine && Conflicts(shadow, reader, warp, mine))
                throw Race(warp, lane, reader, "writes", "read");
            shadow.Writers[g] = underWay ? mine | AccessEntry.ManyBlocksOrUnderWay : mine;
        }
    }

    /// <summary>Notes an atomic or volatile write, which is no part of a race: written, at a time before all others.</summary>
    public void WriteOrdered(AccessShadow shadow, long offset, int bytes)
    {
        (long first, long last) = Granules(shadow, offset, bytes);
        new Span<ulong>(shadow.Writers + first, (int)(last - first + 1)).Fill(tag);
    }

    /// <summary>The bytes of a cp.async have arrived.</summary>
    public void Arrive(AccessShadow shadow, long offset, int bytes, Warp warp, int lane)
    {
        (long first, long last) = Granules(shadow, offset, bytes);
        new Span<ulong>(shadow.Writers + first, (int)(last - first + 1)).Fill(Entry(warp, lane));
    }

    static (long First, long Last) Granules(AccessShadow shadow, long offset, int bytes) =>
        (offset >> shadow.Shift, (offset + bytes - 1) >> shadow.Shift);

    static int Thread(Warp warp, int lane) => (warp.Index * Warp.Lanes) + lane;

    ulong Entry(Warp warp, int lane) => tag | (ulong)warp.Time << AccessEntry.TimeShift | (uint)Thread(warp, lane);

    /// <summary>Whether an access of another block came before this thread's.</summary>
    bool IsOrdered(ulong entry, Warp warp, ulong mine)
    {
        if (acquired.Count == 0 || !acquired.TryGetValue(AccessEntry.Block(entry), out HashSet<Acquired>? known))
            return false;
        foreach (Acquired other in known)
        {
            if (other.Block.Covers(entry) && IsKnown(other, warp, AccessEntry.Thread(mine)))
                return true;
        }
        return false;
    }

    bool IsKnown(Acquired other, Warp warp, int thread) => other.Thread == thread || other.Interval < block.Interval
        || (other.Thread / Warp.Lanes == warp.Index && other.Time < warp.Time);

    bool Conflicts(AccessShadow shadow, ulong entry, Warp warp, ulong mine)
    {
        if ((entry ^ tag) >> AccessEntry.BlockShift != 0)
            return !shadow.OfOneBlock && entry >> AccessEntry.LaunchShift == tag >> AccessEntry.LaunchShift
                && !IsOrdered(entry, warp, mine);
        ulong scope = AccessEntry.Scope(entry);
        if (scope == AccessEntry.ManyBlocksOrUnderWay)
            return true;
        if (scope == AccessEntry.ManyWarps)
            return AccessEntry.Time(entry) == block.Interval;
        return (scope != 0 || AccessEntry.Thread(entry) != AccessEntry.Thread(mine)) && IsUnordered(entry, warp);
    }

    bool IsUnordered(ulong entry, Warp warp)
    {
        int other = AccessEntry.Thread(entry) / Warp.Lanes;
        uint time = AccessEntry.Time(entry);
        return other == warp.Index ? time == warp.Time : time >= block.IntervalStart(other);
    }

    /// <summary>What the readers are when this thread joins those of the entry.</summary>
    ulong Join(AccessShadow shadow, ulong entry, Warp warp, ulong mine)
    {
        bool otherBlock = (entry ^ tag) >> AccessEntry.BlockShift != 0;
        if (entry >> AccessEntry.LaunchShift != tag >> AccessEntry.LaunchShift || (otherBlock && shadow.OfOneBlock))
            return mine;
        ulong scope = AccessEntry.Scope(entry);
        if (scope == AccessEntry.ManyBlocksOrUnderWay)
            return entry;
        if (otherBlock)
            return IsOrdered(entry, warp, mine) ? mine : mine | AccessEntry.ManyBlocksOrUnderWay;
        if (scope == AccessEntry.ManyWarps)
            return AccessEntry.Time(entry) == block.Interval ? entry : mine;
        if (!IsUnordered(entry, warp))
            return mine;
        return AccessEntry.Thread(entry) / Warp.Lanes == warp.Index
            ? mine | AccessEntry.ManyLanes
            : tag | (ulong)block.Interval << AccessEntry.TimeShift | AccessEntry.ManyWarps;
    }

    KernelFaultException Race(Warp warp, int lane, ulong entry, string does, string did)
    {
        bool sameBlock = (entry ^ tag) >> AccessEntry.BlockShift == 0;
        ulong scope = AccessEntry.Scope(entry);
        if (sameBlock && did == "wrote" && scope == AccessEntry.ManyBlocksOrUnderWay)
            return warp.Fault(
                FaultKind.AsyncCopyUnderWay,
                1u << lane,
                $"{does} bytes of a cp.async of thread {AccessEntry.Thread(entry)} that is still under way");
        string who = scope switch
        {
            AccessEntry.ManyBlocksOrUnderWay => "several blocks",
            AccessEntry.ManyWarps => "several warps",
            AccessEntry.ManyLanes => "several lanes of its warp",
            _ => $"thread {AccessEntry.Thread(entry)}",
        };
        string where = sameBlock ? "with no barrier between" : $"of block {AccessEntry.Block(entry)}, which nothing orders";
        return warp.Fault(FaultKind.Race, 1u << lane, $"race: {does} what {who} {did}, {where}");
    }
}
