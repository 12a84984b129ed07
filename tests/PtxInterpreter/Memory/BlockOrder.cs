namespace PtxInterpreter.Memory;

/// <summary>
/// What orders the blocks of a launch: an atomic operation of the scope of the GPU that releases at an address, and a later one there that
/// acquires. Operations between them on the address carry on what was released before. All of it happens under its lock.
/// </summary>
sealed class BlockOrder
{
    /// <summary>Each once: a chain of blocks that pass on what they know would double a list with every block.</summary>
    readonly Dictionary<ulong, HashSet<ReleasedBlock>> released = [];

    public IReadOnlyCollection<ReleasedBlock> At(ulong address) =>
        released.TryGetValue(address, out HashSet<ReleasedBlock>? blocks) ? blocks : [];

    public void Release(ulong address, IEnumerable<ReleasedBlock> blocks)
    {
        if (!released.TryGetValue(address, out HashSet<ReleasedBlock>? all))
            released.Add(address, all = []);
        all.UnionWith(blocks);
    }
}

/// <summary>A block as a thread of it released it: which of its threads' accesses came before that.</summary>
/// <param name="Block">Its number.</param>
/// <param name="Interval">The stretch between two barriers in which it was.</param>
/// <param name="WarpStarts">Each warp's time at the start of that: the last barrier ordered what was before.</param>
/// <param name="Thread">The thread.</param>
/// <param name="Time">Its warp's time.</param>
sealed record ReleasedBlock(long Block, uint Interval, uint[] WarpStarts, int Thread, uint Time)
{
    /// <summary>Whether the access of an entry of that block came before.</summary>
    public bool Covers(ulong entry)
    {
        ulong scope = AccessEntry.Scope(entry);
        if (scope == AccessEntry.ManyBlocksOrUnderWay)
            return false;
        uint time = AccessEntry.Time(entry);
        if (scope == AccessEntry.ManyWarps)
            return time < Interval;
        int thread = AccessEntry.Thread(entry), warp = thread / Execution.Warp.Lanes;
        return time < WarpStarts[warp]
            || (warp == Thread / Execution.Warp.Lanes && (time < Time || (scope == 0 && thread == Thread)));
    }
}
