using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Routing;

/// <summary>Parameters of expert_router in Router.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RouterParameters
{
    /// <summary>float32 [rows, count + shared].</summary>
    public DevicePointer Logits;

    /// <summary>int32 [rows]: a negative one passes no expert. A null pointer: all do.</summary>
    public DevicePointer Positions;

    /// <summary>int32 [count, rows]: 0 where a row passes an expert, -1 where it does not.</summary>
    public DevicePointer Chosen;

    /// <summary>float32 [rows, count + shared]: of experts that a row does not pass, nothing is written.</summary>
    public DevicePointer Factors;

    public int Rows;
    public int Count;
    public int Active;

    /// <summary>1: the softmax is over the chosen ones alone.</summary>
    public int Normalised;

    /// <summary>1: the last logit is the gate of an expert that every row passes.</summary>
    public int Shared;
}

/// <summary>Parameters of expert_mix in Router.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ExpertMixParameters
{
    /// <summary>float32 [rows, width]: an expert's outputs.</summary>
    public DevicePointer X;

    /// <summary>float32 [rows, stride], from this expert's on.</summary>
    public DevicePointer Factors;

    /// <summary>int32 [rows]: a negative one does not pass the expert. A null pointer: all do.</summary>
    public DevicePointer Chosen;

    /// <summary>int32 [rows]: a negative one skips its row. A null pointer skips none.</summary>
    public DevicePointer Positions;

    /// <summary>float32 [rows, width]: the sum so far.</summary>
    public DevicePointer Y;

    /// <summary>float32 [rows, width]: what the sum is added to after this expert. A null pointer: nothing.</summary>
    public DevicePointer Residual;

    public int Stride;
    public int Width;
    public int Rows;

    /// <summary>1: the sum begins here, from +0.</summary>
    public int First;
}

/// <summary>Starts the kernels of Router.cu: <see cref="RouterCpu"/> and <see cref="ExpertMix"/> on a GPU.</summary>
public static class RouterCuda
{
    const int Threads = 128;
    const int WarpLanes = 32;
    static readonly KernelName Router = new("Router", "expert_router");
    static readonly KernelName ExpertMixing = new("Router", "expert_mix");

    /// <summary>Chooses the experts of rows.</summary>
    public static void Route(IKernelDevice device, in RouterParameters parameters)
    {
        int rowsPerBlock = Threads / WarpLanes;
        device.Launch(Router, new LaunchShape((parameters.Rows + rowsPerBlock - 1) / rowsPerBlock, 1, 1, Threads), parameters);
    }

    /// <summary>Adds one expert's outputs.</summary>
    public static void Mix(IKernelDevice device, in ExpertMixParameters parameters) => device.Launch(
        ExpertMixing, new LaunchShape((parameters.Width + Threads - 1) / Threads, parameters.Rows, 1, Threads), parameters);
}
