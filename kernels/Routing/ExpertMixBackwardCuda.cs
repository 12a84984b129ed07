using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Routing;

/// <summary>
/// Parameters of the kernels of ExpertMixBackward.cu, which has the same fields; the lists as <see cref="RouterCuda.Route"/> leaves them.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct ExpertMixBackwardParameters
{
    /// <summary>int32 [rows, active].</summary>
    public DevicePointer Experts;

    /// <summary>float32 [rows, active].</summary>
    public DevicePointer Factors;

    /// <summary>int32 [rows, active].</summary>
    public DevicePointer Places;

    /// <summary>int32 [places].</summary>
    public DevicePointer RowOf;

    /// <summary>float32 [rows, width] to gather; [places, width] to sum.</summary>
    public DevicePointer X;

    /// <summary>float32 [places, width] gathered; [rows, width]: sums, 0 of a row that is skipped.</summary>
    public DevicePointer Y;

    /// <summary>float32 [places, width]: gradients of activations but for the factor, which they are then multiplied by.</summary>
    public DevicePointer Z;

    /// <summary>float32 [places, width]: multiplied by the factor.</summary>
    public DevicePointer Activated;

    /// <summary>float32 [rows, active].</summary>
    public DevicePointer FactorGradients;

    public int Rows;

    /// <summary>Set from the shape.</summary>
    internal int Count, Active;

    public int Width;
}

/// <summary>Starts the kernels of ExpertMixBackward.cu: what training does with rows in the order of their experts.</summary>
public static class ExpertMixBackwardCuda
{
    const string Module = "ExpertMixBackward";
    const int Threads = 128;
    const int WarpsPerBlock = 4;
    static readonly KernelName GatherName = new(Module, "gather_rows");
    static readonly KernelName FactorsName = new(Module, "mix_backward");
    static readonly KernelName SumName = new(Module, "sum_rows");

    /// <summary>Rows in the order of their experts.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="parameters">Of it RowOf, X, Y and Width.</param>
    /// <param name="places">That are filled, the first ones.</param>
    public static void Gather(IKernelDevice device, in ExpertMixBackwardParameters parameters, int places) =>
        device.Launch(GatherName, new LaunchShape(places, Threads), parameters);

    /// <summary>Gradients of the factors; what they are of is then multiplied by them.</summary>
    public static void Factors(IKernelDevice device, in ExpertMixBackwardParameters parameters, ExpertShape shape)
    {
        ExpertMixBackwardParameters p = Of(parameters, shape);
        device.Launch(FactorsName, new LaunchShape(((p.Rows * p.Active) + WarpsPerBlock - 1) / WarpsPerBlock, Threads), p);
    }

    /// <summary>Sums of each row's places.</summary>
    public static void Sum(IKernelDevice device, in ExpertMixBackwardParameters parameters, ExpertShape shape) => device.Launch(
        SumName, new LaunchShape(parameters.Rows, (parameters.Width + Threads - 1) / Threads, 1, Threads), Of(parameters, shape));

    static ExpertMixBackwardParameters Of(ExpertMixBackwardParameters parameters, ExpertShape shape) =>
        parameters with { Count = shape.Count, Active = shape.Active };
}
