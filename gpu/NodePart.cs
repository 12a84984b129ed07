using Harness.Kernels.Driver;

namespace Gpu;

/// <summary>Microseconds of each kernel of a decode step, by workload.</summary>
sealed class NodePart(ProofSettings settings, Checks checks)
{
    const int Shown = 6;
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public void Run()
    {
        foreach (Workload work in Workload.All)
        {
            if (checks.HasTime)
                checks.Check($"nodes: {work.Name}", Limit, () => Time(work));
            else
                checks.Skip($"nodes: {work.Name}: no time is left");
        }
    }

    void Time(Workload work)
    {
        using CudaDevice device = CudaDevice.Open(settings.Device);
        using NodeTimer timer = new(device);
        try
        {
            DecodeStepRun.Generate(timer, work, useGraphs: true, NodeTimer.TokensNeeded);
        }
        catch (StepTimedException)
        {
        }
        if (timer.Nodes.Count == 0)
            throw new InvalidOperationException("no step was recorded");
        MachineFolder machine = new(settings);
        foreach (NodeTime node in timer.Nodes)
            machine.Append("nodes.csv", "work,node,kernel,grid_x,grid_y,grid_z,threads,shared_bytes,microseconds",
                work.Name, node.Node, node.Kernel, node.Shape.GridX, node.Shape.GridY, node.Shape.GridZ, node.Shape.Threads,
                node.Shape.SharedBytes, node.Microseconds);
        double sum = timer.Nodes.Sum(node => node.Microseconds);
        checks.Line($"{work.Name}: a step takes {timer.StepMicroseconds:F1} us, its {timer.Nodes.Count} kernels {sum:F1} us one by one: "
            + string.Join(", ", timer.Nodes.GroupBy(node => node.Kernel)
                .Select(same => (Kernel: same.Key, Count: same.Count(), Microseconds: same.Sum(node => node.Microseconds)))
                .OrderByDescending(same => same.Microseconds).Take(Shown)
                .Select(same => $"{same.Count} {same.Kernel} {same.Microseconds:F1}")));
    }
}
