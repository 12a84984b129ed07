using Harness.Engines;
using Harness.Engines.Kernels;
using Harness.Engines.Recorded;
using Harness.Engines.Simulated;

namespace Harness.Registry;

/// <summary>Every engine by its manifest name, the default one first.</summary>
public static class EngineRegistry
{
    public static IReadOnlyList<IEngine> All { get; } = [new KernelEngine(), new RecordedEngine(), new SimulatedEngine()];
}
