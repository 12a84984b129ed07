using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Training;

/// <summary>Parameters of the kernel of AdamW.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
struct AdamWParameters
{
    /// <summary><see cref="WeightTensor"/> [count], their rows one behind another.</summary>
    public DevicePointer Tensors;

    /// <summary>float32: of all tensors, as gradients and moments.</summary>
    public DevicePointer Weights;

    public DevicePointer Gradients;
    public DevicePointer FirstMoments;
    public DevicePointer SecondMoments;
    public int Count;

    /// <summary>Of all tensors.</summary>
    public int Rows;

    public AdamWFactors Factors;
}

/// <summary>Starts the kernel of AdamW.cu: <see cref="AdamW"/> of all tensors on a GPU, a warp a row.</summary>
static class AdamWCuda
{
    const int WarpsPerBlock = 4;
    const int WarpLanes = 32;
    static readonly KernelName Name = new("AdamW", "adam_w");

    public static void Run(IKernelDevice device, in AdamWParameters parameters) => device.Launch(
        Name, new LaunchShape((parameters.Rows + WarpsPerBlock - 1) / WarpsPerBlock, WarpsPerBlock * WarpLanes), parameters);
}
