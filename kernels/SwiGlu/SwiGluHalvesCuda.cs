using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.SwiGlu;

/// <summary>Parameters of the kernels of SwiGluHalves.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SwiGluHalvesParameters
{
    /// <summary>float32 [rows, 2 * width]: all gates of a row, then its ups; the backward form leaves their gradients in it.</summary>
    public DevicePointer GateUp;

    /// <summary>float32 [rows, width]: the result; of the backward form its gradient, which is read.</summary>
    public DevicePointer Y;

    public int Width;
    public int Rows;
}

/// <summary>
/// Starts the kernels of SwiGluHalves.cu: <see cref="SwiGluCpu"/> and <see cref="SwiGluBackward"/> on a GPU, of gates and ups as training
/// keeps them.
/// </summary>
public static class SwiGluHalvesCuda
{
    const int Threads = 128;
    const int MostGridY = 65535;
    static readonly KernelName ForwardName = new("SwiGluHalves", "swiglu_halves");
    static readonly KernelName BackwardName = new("SwiGluHalves", "swiglu_halves_backward");

    public static void Forward(IKernelDevice device, in SwiGluHalvesParameters parameters) =>
        device.Launch(ForwardName, Shape(parameters), parameters);

    public static void Backward(IKernelDevice device, in SwiGluHalvesParameters parameters) =>
        device.Launch(BackwardName, Shape(parameters), parameters);

    static LaunchShape Shape(in SwiGluHalvesParameters p) =>
        new((p.Width + Threads - 1) / Threads, Math.Min(p.Rows, MostGridY), 1, Threads);
}
