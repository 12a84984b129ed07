using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.RmsNorm;

/// <summary>Parameters of the kernel of RmsNormBackward.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RmsNormBackwardParameters
{
    /// <summary>float32 [rows, width]: what was normalised.</summary>
    public DevicePointer X;

    /// <summary>float32 [width].</summary>
    public DevicePointer Weight;

    /// <summary>float32 [rows, width]: gradient of the output.</summary>
    public DevicePointer Dy;

    /// <summary>float32 [rows, width]: gradient that reaches x past the norm. A null pointer means zeros.</summary>
    public DevicePointer Residual;

    /// <summary>float32 [rows, width]: <see cref="Residual"/> plus the norm's gradient; may be <see cref="Residual"/>.</summary>
    public DevicePointer Dx;

    /// <summary>float32 [rows, width]: the rows' parts of the weight's gradient.</summary>
    public DevicePointer Parts;

    public float Epsilon;
    public int Width;
    public int Rows;
}

/// <summary>Starts the kernel of RmsNormBackward.cu: <see cref="RmsNormBackward"/> on a GPU, a warp a row.</summary>
public static class RmsNormBackwardCuda
{
    const int WarpsPerBlock = 4;
    const int WarpLanes = 32;
    static readonly KernelName Name = new("RmsNormBackward", "rms_norm_backward");

    public static void Run(IKernelDevice device, in RmsNormBackwardParameters parameters) => device.Launch(
        Name, new LaunchShape((parameters.Rows + WarpsPerBlock - 1) / WarpsPerBlock, WarpsPerBlock * WarpLanes), parameters);
}
