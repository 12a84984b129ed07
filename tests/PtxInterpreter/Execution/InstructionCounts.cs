using System.Numerics;
using Harness.Kernels.Driver;
using PtxInterpreter.Parsing;

namespace PtxInterpreter.Execution;

/// <summary>Counts of what a worker ran.</summary>
sealed class InstructionCounts(bool countTraffic)
{
    static readonly InstructionClass[] Classes = Enum.GetValues<InstructionClass>();
    readonly long[] lanes = new long[Classes.Length];
    readonly long[] warps = new long[Classes.Length];

    long globalRead;
    long globalWritten;
    long sharedRead;
    long sharedWritten;

    /// <summary>Null where traffic is not counted.</summary>
    public TrafficCounter? Traffic { get; } = countTraffic ? new TrafficCounter() : null;

    /// <summary>Instructions of warps, of all classes.</summary>
    public long WarpInstructions { get; private set; }

    /// <summary>Bytes of device memory read and written.</summary>
    public long GlobalBytes => globalRead + globalWritten;

    public void Add(InstructionClass kind, uint mask)
    {
        WarpInstructions++;
        lanes[(int)kind] += BitOperations.PopCount(mask);
        warps[(int)kind]++;
    }

    public void AddBytes(StateSpace space, ulong firstAddress, long bytes, bool written)
    {
        if (space == StateSpace.Generic)
            space = Memory.Windows.Split(firstAddress).Space;
        if (space == StateSpace.Global)
            (written ? ref globalWritten : ref globalRead) += bytes;
        else if (space == StateSpace.Shared)
            (written ? ref sharedWritten : ref sharedRead) += bytes;
    }

    public static LaunchStatistics Sum(
        KernelName kernel, LaunchShape shape, IReadOnlyList<InstructionCounts> all, MultiprocessorWork busiest)
    {
        Dictionary<InstructionClass, long> Total(Func<InstructionCounts, long[]> of) =>
            Classes.ToDictionary(c => c, c => all.Sum(counts => of(counts)[(int)c]));
        return new LaunchStatistics(
            kernel,
            shape,
            Total(c => c.lanes),
            Total(c => c.warps),
            all.Sum(c => c.globalRead),
            all.Sum(c => c.globalWritten),
            all.Sum(c => c.sharedRead),
            all.Sum(c => c.sharedWritten),
            all.Aggregate(default(MemoryTraffic), (sum, c) => sum + (c.Traffic?.Traffic ?? default)),
            busiest);
    }
}
