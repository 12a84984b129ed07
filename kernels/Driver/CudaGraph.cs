using ManagedCuda.BasicTypes;
using static ManagedCuda.DriverAPINativeMethods;

namespace Harness.Kernels.Driver;

/// <summary>Noted work, captured from a stream and made ready to be launched as a whole.</summary>
sealed class CudaGraph : IKernelGraph
{
    readonly CudaDevice device;
    readonly CUgraphExec handle;
    readonly Action free;
    /// <summary>The graph's last kernel, to be named by a failure.</summary>
    readonly KernelLaunch? lastLaunch;

    public CudaGraph(CudaDevice device, IReadOnlyList<Action> work)
    {
        this.device = device;
        CUgraph graph = Capture(work);
        lastLaunch = device.Errors.LastLaunch;
        CUResult made = GraphManagment.cuGraphInstantiate(ref handle, graph, CUgraphInstantiate_flags.None);
        GraphManagment.cuGraphDestroy(graph);
        device.Errors.Check(made, nameof(GraphManagment.cuGraphInstantiate));
        CUgraphExec created = handle;
        free = device.Hold(() => GraphManagment.cuGraphExecDestroy(created));
    }

    public void Launch()
    {
        device.Enter(duringCapture: false);
        device.Errors.LastLaunch = lastLaunch;
        device.Errors.Check(GraphManagment.cuGraphLaunch(handle, device.Stream));
    }

    public void Dispose() => free();

    CUgraph Capture(IReadOnlyList<Action> work)
    {
        CUgraph graph = default;
        device.Errors.Check(Streams.cuStreamBeginCapture(device.Stream, CUstreamCaptureMode.Local));
        try
        {
            foreach (Action step in work)
                step();
        }
        catch
        {
            // The stream is of use again only when the capture has ended; what it made is not.
            if (Streams.cuStreamEndCapture(device.Stream, ref graph) == CUResult.Success && graph.Pointer != 0)
                GraphManagment.cuGraphDestroy(graph);
            throw;
        }
        device.Errors.Check(Streams.cuStreamEndCapture(device.Stream, ref graph));
        return graph;
    }
}

/// <summary>Noted work done step by step, each waited for, in place of a graph: how a failing kernel is found.</summary>
sealed class NotedWork(IReadOnlyList<Action> work) : IKernelGraph
{
    public void Launch()
    {
        foreach (Action step in work)
            step();
    }

    public void Dispose()
    {
    }
}
