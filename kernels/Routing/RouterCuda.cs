using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Routing;

/// <summary>Parameters of the kernels of Router.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RouterParameters
{
    /// <summary>float32 [rows, <see cref="ExpertShape.RouterOutputs"/>].</summary>
    public DevicePointer Logits;

    /// <summary>int32 [rows]: a negative one skips its row.</summary>
    public DevicePointer Positions;

    /// <summary>int32 [rows, active]: of a row, ascending; as many as there are experts, of a row that is skipped.</summary>
    public DevicePointer Experts;

    /// <summary>float32 [rows, active].</summary>
    public DevicePointer Factors;

    /// <summary>int32 [experts + 1]: the first place of each expert's rows; the last: the place after all.</summary>
    public DevicePointer Starts;

    /// <summary>int32 [rows, active]: where a row lies among the rows of each of its experts.</summary>
    public DevicePointer Places;

    /// <summary>int32 [rows * active]: the row at a place; rows that are skipped come last.</summary>
    public DevicePointer RowOf;

    /// <summary>float32 [rows * active, width]: what the experts give, by place.</summary>
    public DevicePointer Outputs;

    /// <summary>float32 [rows, width]: what the shared expert gives, where there is one.</summary>
    public DevicePointer Shared;

    /// <summary>float32 [rows, width]: what the sum is added to.</summary>
    public DevicePointer Before;

    /// <summary>
    /// float32 [rows, width]: the result, may be <see cref="Before"/>; a row that is skipped keeps what was before.
    /// </summary>
    public DevicePointer Residual;

    public int Rows;

    /// <summary>Set from the shape.</summary>
    internal int Count, Active, Normalised, HasShared;

    public int Width;
}

/// <summary>
/// Starts the kernels of Router.cu: <see cref="RouterCpu"/>, <see cref="ExpertOrder"/> and <see cref="ExpertMix"/> on a GPU. Nothing of it
/// is known to the host, so that a pass can be recorded.
/// </summary>
public static class RouterCuda
{
    const string Module = "Router";
    const int MixThreads = 128;
    const int WarpLanes = 32;
    static readonly KernelName RouteName = new(Module, "route_experts");
    static readonly KernelName OrderName = new(Module, "order_rows");
    static readonly KernelName MixName = new(Module, "mix_experts");

    /// <summary>Chooses each row's experts, and puts the rows in the order of their experts.</summary>
    public static void Route(IKernelDevice device, in RouterParameters parameters, ExpertShape shape)
    {
        RouterParameters p = Of(parameters, shape);
        device.Launch(RouteName, new LaunchShape(p.Rows, WarpLanes), p);
        device.Launch(OrderName, new LaunchShape(p.Count + 1, WarpLanes), p);
    }

    /// <summary>Adds what the experts give to the residual stream.</summary>
    public static void Mix(IKernelDevice device, in RouterParameters parameters, ExpertShape shape) =>
        device.Launch(
            MixName,
            new LaunchShape(parameters.Rows, (parameters.Width + MixThreads - 1) / MixThreads, 1, MixThreads),
            Of(parameters, shape));

    static RouterParameters Of(RouterParameters parameters, ExpertShape shape) => parameters with
    {
        Count = shape.Count,
        Active = shape.Active,
        Normalised = shape.Normalised ? 1 : 0,
        HasShared = shape.HasShared ? 1 : 0,
    };
}
