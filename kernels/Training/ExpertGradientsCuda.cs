using System.Runtime.InteropServices;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;

namespace Harness.Kernels.Training;

/// <summary>Parameters of the kernel of ExpertGradients.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ExpertGradientsParameters
{
    /// <summary>int32 [experts + 1]: where the places of each begin.</summary>
    public DevicePointer Starts;

    /// <summary>float32 [places, width].</summary>
    public DevicePointer Rows;

    /// <summary>float32 [experts, 64, width]: those that wait, some of them from before.</summary>
    public DevicePointer Left;

    /// <summary>int32 [experts]: how many waited; another array than <see cref="After"/>.</summary>
    public DevicePointer Before;

    /// <summary>int32 [experts]: how many wait now.</summary>
    public DevicePointer After;

    public int Width;
}

/// <summary>
/// Starts the kernel of ExpertGradients.cu: rows of experts that fill no block of 64 wait for the next micro-batch's, after
/// <see cref="GemmF32ExpertsCuda.RunByTerms"/> has summed the others.
/// </summary>
public static class ExpertGradientsCuda
{
    const int Threads = 128;
    static readonly KernelName Name = new("ExpertGradients", "keep_rows");

    public static void Keep(IKernelDevice device, in ExpertGradientsParameters parameters, int experts) =>
        device.Launch(Name, new LaunchShape(experts, GemmF32.BlockTerms, 1, Threads), parameters);
}
