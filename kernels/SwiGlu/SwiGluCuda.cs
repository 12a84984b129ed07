using System.Runtime.InteropServices;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;

namespace Harness.Kernels.SwiGlu;

/// <summary>Parameters of the kernels of SwiGlu.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SwiGluParameters
{
    /// <summary>float32 [rows, 2 * width]: gate 0, up 0, gate 1, ...</summary>
    public DevicePointer GateUp;

    /// <summary>int32 [rows]: a negative one skips its row. A null pointer skips none.</summary>
    public DevicePointer Positions;

    /// <summary>float32 [rows, width] (f32 form).</summary>
    public DevicePointer Y;

    /// <summary>int8 [rows, blocks * 64], padded with 0.</summary>
    public DevicePointer Q;

    /// <summary>float32 [rows, blocks].</summary>
    public DevicePointer Scales;

    /// <summary>int32 whose bits say what went wrong.</summary>
    public DevicePointer Errors;

    public int Width;
    public int Rows;
}

/// <summary>
/// Starts the kernels of SwiGlu.cu: <see cref="SwiGluCpu"/> on a GPU, unfused. The linears end in the same activation where it is fused
/// (<see cref="LinearEpilogue.SwiGlu"/>), which saves writing and reading back 8 bytes an activation.
/// </summary>
public static class SwiGluCuda
{
    const int Threads = 128;
    const int WarpLanes = 32;
    static readonly KernelName Int8 = new("SwiGlu", "swiglu_int8");
    static readonly KernelName Single = new("SwiGlu", "swiglu_f32");

    public static void RunSingle(IKernelDevice device, in SwiGluParameters parameters) =>
        device.Launch(Single, new LaunchShape((parameters.Width + Threads - 1) / Threads, parameters.Rows, 1, Threads), parameters);

    /// <summary>Activates rows and quantises them in blocks of 64.</summary>
    public static void RunInt8(IKernelDevice device, in SwiGluParameters parameters)
    {
        int blocks = (parameters.Width + QuantizedRows.BlockInputs - 1) / QuantizedRows.BlockInputs;
        int perLaunchBlock = Threads / WarpLanes;
        device.Launch(Int8, new LaunchShape((blocks + perLaunchBlock - 1) / perLaunchBlock, parameters.Rows, 1, Threads), parameters);
    }
}
