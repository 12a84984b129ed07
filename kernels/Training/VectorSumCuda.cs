using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Training;

/// <summary>Parameters of the kernel of VectorSum.cu, which has the same fields; addresses are multiples of 16.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct VectorSumParameters
{
    /// <summary>float32 [count].</summary>
    public DevicePointer X;

    /// <summary>float32 [count].</summary>
    public DevicePointer Y;

    /// <summary>float32 [count], may be either.</summary>
    public DevicePointer Z;

    public long Count;
}

/// <summary>Starts the kernel of VectorSum.cu: <see cref="VectorSum"/> on a GPU.</summary>
public static class VectorSumCuda
{
    const int Threads = 256;
    const int PerThread = 4;
    static readonly KernelName Name = new("VectorSum", "vector_sum");

    public static void Run(IKernelDevice device, in VectorSumParameters parameters) => device.Launch(
        Name, new LaunchShape(checked((int)((parameters.Count + (PerThread * Threads) - 1) / (PerThread * Threads))), Threads), parameters);
}
