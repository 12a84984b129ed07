namespace PtxInterpreter;

/// <summary>What the interpreter looks for, and how it runs.</summary>
public sealed record InterpreterOptions
{
    /// <summary>Host threads that run a launch's blocks.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Reads of shared, local and device memory that nothing wrote are faults.</summary>
    public bool FindUninitialised { get; init; } = true;

    /// <summary>Races on device memory, within a block and between blocks, are faults; those on shared memory always are.</summary>
    public bool FindGlobalRaces { get; init; } = true;

    /// <summary>What the device says it has; launchers choose their shapes by it.</summary>
    public int Multiprocessors { get; init; } = 4;

    /// <summary>
    /// 80, or 90: modules are those of <see cref="Harness.Kernels.Driver.PtxLibrary.WithDependentLaunch"/> then, whose kernels wait for the
    /// one before them, and touch nothing that kernels write until then.
    /// </summary>
    public int ComputeCapability { get; init; } = 80;

    /// <summary>Whether a kernel may start before the one before it has ended: each must wait for it.</summary>
    internal bool KernelsStartEarly => ComputeCapability >= 90;

    /// <summary>Counts how accesses fall on the banks of shared memory and on the sectors of device memory.</summary>
    public bool CountTraffic { get; init; }

    /// <summary>Most instructions of a warp that one launch may run, over all its warps.</summary>
    public long MostInstructions { get; init; } = 2_000_000_000;
}
