using Harness.Kernels.Driver;
using PtxInterpreter.Execution;

namespace PtxInterpreter;

/// <summary>What one launch did.</summary>
/// <param name="LaneInstructions">Instructions by class, each counted once a thread that ran it.</param>
/// <param name="WarpInstructions">The same, each counted once a warp.</param>
public sealed record LaunchStatistics(
    KernelName Kernel,
    LaunchShape Shape,
    IReadOnlyDictionary<InstructionClass, long> LaneInstructions,
    IReadOnlyDictionary<InstructionClass, long> WarpInstructions,
    long GlobalBytesRead,
    long GlobalBytesWritten,
    long SharedBytesRead,
    long SharedBytesWritten)
{
    public long TotalLaneInstructions => LaneInstructions.Values.Sum();
}
