using Harness.Kernels.Driver;
using PtxInterpreter.Execution;

namespace PtxInterpreter;

/// <summary>What one launch did.</summary>
/// <param name="LaneInstructions">Instructions by class, each counted once a thread that ran it.</param>
/// <param name="WarpInstructions">The same, each counted once a warp.</param>
/// <param name="Traffic">Bytes of ld, st, ldmatrix and cp.async; nothing without <see cref="InterpreterOptions.CountTraffic"/>.</param>
/// <param name="Busiest">What the multiprocessor with the most did, were the blocks dealt out to all in turn.</param>
public sealed record LaunchStatistics(
    KernelName Kernel,
    LaunchShape Shape,
    IReadOnlyDictionary<InstructionClass, long> LaneInstructions,
    IReadOnlyDictionary<InstructionClass, long> WarpInstructions,
    long GlobalBytesRead,
    long GlobalBytesWritten,
    long SharedBytesRead,
    long SharedBytesWritten,
    MemoryTraffic Traffic,
    MultiprocessorWork Busiest)
{
    public long TotalLaneInstructions => LaneInstructions.Values.Sum();
}

/// <summary>A multiprocessor's share of a launch.</summary>
/// <param name="WarpInstructions">Instructions of its warps.</param>
/// <param name="GlobalBytes">Bytes of device memory that they read and wrote.</param>
public readonly record struct MultiprocessorWork(long WarpInstructions, long GlobalBytes);

/// <summary>How well accesses of whole warps use shared and device memory.</summary>
/// <param name="SharedWavefronts">Turns of the 32 banks of shared memory.</param>
/// <param name="SharedWavefrontsLeast">Those that would do if no two words of a turn shared a bank.</param>
/// <param name="GlobalSectors">Sectors of 32 bytes of device memory that accesses touched, each counted once an access.</param>
/// <param name="GlobalSectorsLeast">Those that the accessed bytes would fill.</param>
public readonly record struct MemoryTraffic(long SharedWavefronts, long SharedWavefrontsLeast, long GlobalSectors, long GlobalSectorsLeast)
{
    public static MemoryTraffic operator +(MemoryTraffic a, MemoryTraffic b) => new(
        a.SharedWavefronts + b.SharedWavefronts, a.SharedWavefrontsLeast + b.SharedWavefrontsLeast,
        a.GlobalSectors + b.GlobalSectors, a.GlobalSectorsLeast + b.GlobalSectorsLeast);

    public static MemoryTraffic operator -(MemoryTraffic a, MemoryTraffic b) => a + (b * -1);

    public static MemoryTraffic operator *(MemoryTraffic a, long times) =>
        new(a.SharedWavefronts * times, a.SharedWavefrontsLeast * times, a.GlobalSectors * times, a.GlobalSectorsLeast * times);
}
