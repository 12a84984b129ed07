using Harness.Kernels.Driver;
using Harness.Kernels.Sampling;

namespace Harness.Kernels.Decoding.Device;

/// <summary>
/// What the launches of a recorded step take with them beside their numbers of rows and chunks. A graph holds addresses and settings as
/// they were when it was recorded, so that it serves only steps of the same.
/// </summary>
/// <param name="Sampling">How tokens are drawn, and from and to where; the count is the rows'.</param>
/// <param name="RowSlots">The slot of each row.</param>
/// <param name="Items">The list of shared chunks.</param>
/// <param name="Angles">The table of rotary angles.</param>
readonly record struct StepRecording(
    SamplingParameters Sampling, DevicePointer RowSlots, DevicePointer Items, (DevicePointer Cosines, DevicePointer Sines) Angles);

/// <summary>
/// The recorded steps of a session, kept from call to call: recording one takes some milliseconds, as long as tens of steps of a small
/// model.
/// </summary>
sealed class StepGraphs : IDisposable
{
    readonly Dictionary<(int Rows, int Items), IKernelGraph> graphs = [];
    StepRecording of;

    /// <summary>The graph of a step of so many rows, and items that a launch makes room for.</summary>
    /// <param name="recording">What the step takes with it: graphs of other than this are forgotten.</param>
    /// <param name="rows">Rows of the step.</param>
    /// <param name="items">Items that a launch makes room for.</param>
    /// <param name="record">Makes the graph where it is not kept.</param>
    public IKernelGraph Get(in StepRecording recording, int rows, int items, Func<IKernelGraph> record)
    {
        if (of != recording)
            Dispose();
        of = recording;
        if (!graphs.TryGetValue((rows, items), out IKernelGraph? graph))
            graphs.Add((rows, items), graph = record());
        return graph;
    }

    public void Dispose()
    {
        foreach (IKernelGraph graph in graphs.Values)
            graph.Dispose();
        graphs.Clear();
    }
}
