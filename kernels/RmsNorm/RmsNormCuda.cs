using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
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

    /// <summary>int32 [rows]: the row of x of each output row. A null pointer means row i for output i.</summary>
    public DevicePointer RowOf;

    /// <summary>int32 [rows of x]: a negative one skips its row. A null pointer skips none.</summary>
    public DevicePointer Positions;

    /// <summary>int8 [rows, blocks * 64], padded with 0.</summary>
    public DevicePointer Q;

    /// <summary>float32 [rows, blocks].</summary>
    public DevicePointer Scales;

    /// <summary>float32 [rows, width] (f32 form); bf16 [rows, blocks * 64], padded with 0 (bf16 form).</summary>
    public DevicePointer Y;

    /// <summary>int32 whose bits say what went wrong.</summary>
    public DevicePointer Errors;

    public float Epsilon;
    public int Width;
    public int Rows;

    /// <summary>Set by <see cref="RmsNormCuda.RunInt8"/>.</summary>
    internal int WarpsPerRow;
}

/// <summary>Starts the kernels of RmsNorm.cu: <see cref="RmsNormCpu"/> on a GPU, a warp a row, or a few.</summary>
public static class RmsNormCuda
{
    const int WarpsPerBlock = 4;
    const int WarpLanes = 32;
    static readonly KernelName Int8 = new("RmsNorm", "rms_norm_int8");
    static readonly KernelName Bf16 = new("RmsNorm", "rms_norm_bf16");
    static readonly KernelName Single = new("RmsNorm", "rms_norm_f32");

    /// <summary>Normalises rows into what matrices of a precision read.</summary>
    public static void Run(IKernelDevice device, Precision precision, in RmsNormParameters parameters)
    {
        switch (precision)
        {
            case Precision.W8A8:
                RunInt8(device, parameters);
                break;
            case Precision.Bf16:
                RunBf16(device, parameters);
                break;
            default:
                RunSingle(device, parameters);
                break;
        }
    }

    /// <summary>Normalises rows and quantises them in blocks of 64; few rows wait for latencies, so that four warps share one.</summary>
    public static void RunInt8(IKernelDevice device, in RmsNormParameters parameters)
    {
        RmsNormParameters p = parameters;
        p.WarpsPerRow = p.Rows <= WarpsPerBlock * device.Facts.Multiprocessors ? WarpsPerBlock : 1;
        device.Launch(Int8, Shape(p.Rows * p.WarpsPerRow), p);
    }

    /// <summary>Normalises rows and rounds them to bf16.</summary>
    public static void RunBf16(IKernelDevice device, in RmsNormParameters parameters) =>
        device.Launch(Bf16, Shape(parameters.Rows), parameters);

    public static void RunSingle(IKernelDevice device, in RmsNormParameters parameters) =>
        device.Launch(Single, Shape(parameters.Rows), parameters);

    static LaunchShape Shape(int warps) => new((warps + WarpsPerBlock - 1) / WarpsPerBlock, WarpsPerBlock * WarpLanes);
}
