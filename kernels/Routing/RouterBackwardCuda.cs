using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Routing;

/// <summary>Parameters of the kernel of RouterBackward.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RouterBackwardParameters
{
    /// <summary>float32 [rows, experts]: overwritten with their gradients, 0 of a row that is skipped.</summary>
    public DevicePointer Logits;

    /// <summary>int32 [rows, active]: as <see cref="RouterCuda.Route"/> leaves them.</summary>
    public DevicePointer Experts;

    /// <summary>float32 [rows, active].</summary>
    public DevicePointer FactorGradients;

    /// <summary>float32 [sequences, experts]: the same for all rows of a sequence.</summary>
    public DevicePointer ProbabilityGradients;

    /// <summary>float32 [rows, experts]: receives the softmax over all experts; nothing of a row that is skipped.</summary>
    public DevicePointer Probabilities;

    public int Rows;
    public int RowsPerSequence;

    /// <summary>Set from the shape.</summary>
    internal int Count, Active, Normalised;
}

/// <summary>Starts the kernel of RouterBackward.cu: <see cref="RouterBackward"/> on a GPU, a warp a row.</summary>
public static class RouterBackwardCuda
{
    const int WarpsPerBlock = 4;
    const int WarpLanes = 32;
    static readonly KernelName Name = new("RouterBackward", "router_backward");

    public static void Run(IKernelDevice device, in RouterBackwardParameters parameters, ExpertShape shape)
    {
        RouterBackwardParameters p = parameters;
        (p.Count, p.Active, p.Normalised) = (shape.Count, shape.Active, shape.Normalised ? 1 : 0);
        device.Launch(Name, new LaunchShape((p.Rows + WarpsPerBlock - 1) / WarpsPerBlock, WarpsPerBlock * WarpLanes), p);
    }
}
