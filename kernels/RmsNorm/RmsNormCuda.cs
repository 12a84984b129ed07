using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.RmsNorm;

/// <summary>Parameters of the kernels of RmsNorm.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RmsNormParameters
{
    /// <summary>float32 [rows, width].</summary>
    public DevicePointer X;

    /// <summary>float32 [width].</summary>
    public DevicePointer Weight;

    /// <summary>int32: row of x of each output row; none: the same.</summary>
    public DevicePointer RowOf;

    /// <summary>int32 of each row of x, negative to skip it; none: no row is skipped.</summary>
    public DevicePointer Positions;

    /// <summary>int8 [rows, blocks * 64], padded with 0.</summary>
    public DevicePointer Q;

    /// <summary>float32 [rows, blocks].</summary>
    public DevicePointer Scales;

    /// <summary>float32 [rows, width], of the f32 form; bf16 [rows, blocks * 64], padded with 0, of the bf16 form.</summary>
    public DevicePointer Y;

    /// <summary>int32 that collects what went wrong.</summary>
    public DevicePointer Errors;

    public float Epsilon;
    public int Width;
    public int Rows;

    /// <summary>Warps that share a row; set where the kernel is started.</summary>
    public int RowWarps;
}

/// <summary>Starts the kernels of RmsNorm.cu: <see cref="RmsNormCpu"/> on a GPU, a warp a row, or several where rows are few.</summary>
public static class RmsNormCuda
{
    const int Warps = 4;
    const int WarpLanes = 32;

    /// <summary>Warps of a multiprocessor that keep it busy.</summary>
    const int BusyWarps = 32;

    static readonly KernelName Int8 = new("RmsNorm", "rms_norm_int8");
    static readonly KernelName Bf16 = new("RmsNorm", "rms_norm_bf16");
    static readonly KernelName Single = new("RmsNorm", "rms_norm_f32");

    /// <summary>Normalises rows and quantises them in blocks of 64.</summary>
    public static void RunInt8(IKernelDevice device, in RmsNormParameters parameters) => Run(device, Int8, parameters);

    /// <summary>Normalises rows and rounds them to bf16.</summary>
    public static void RunBf16(IKernelDevice device, in RmsNormParameters parameters) => Run(device, Bf16, parameters);

    public static void RunSingle(IKernelDevice device, in RmsNormParameters parameters) => Run(device, Single, parameters);

    static void Run(IKernelDevice device, KernelName kernel, RmsNormParameters parameters)
    {
        parameters.RowWarps = parameters.Rows * Warps <= BusyWarps * device.Facts.Multiprocessors ? Warps : 1;
        int warps = parameters.Rows * parameters.RowWarps;
        device.Launch(kernel, new LaunchShape((warps + Warps - 1) / Warps, Warps * WarpLanes), parameters);
    }
}
