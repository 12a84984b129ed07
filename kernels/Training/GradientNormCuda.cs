using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Training;

/// <summary>A tensor in a device's memory; WeightTable.cuh has the same fields.</summary>
/// <param name="First">Place of its first value among all.</param>
/// <param name="FirstRow">Rows of the tensors before it.</param>
/// <param name="Rows">1 for a vector.</param>
/// <param name="Columns">Values of a row.</param>
/// <param name="Decays">Not 0: weight decay applies.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct WeightTensor(long First, int FirstRow, int Rows, int Columns, int Decays);

/// <summary>Parameters of the kernels of GradientNorm.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct GradientNormParameters
{
    /// <summary><see cref="WeightTensor"/> [count], their rows one behind another.</summary>
    public DevicePointer Tensors;

    /// <summary>float32: of all tensors.</summary>
    public DevicePointer Gradients;

    /// <summary>float32 [rows]: scratch.</summary>
    public DevicePointer RowSums;

    /// <summary>float32 [count]: each tensor's sum of squares.</summary>
    public DevicePointer Sums;

    public int Count;

    /// <summary>Of all tensors.</summary>
    public int Rows;
}

/// <summary>Starts the kernels of GradientNorm.cu: <see cref="GradientNorm.SumOfSquares"/> of all tensors on a GPU.</summary>
public static class GradientNormCuda
{
    const int WarpsPerBlock = 4;
    const int WarpLanes = 32;
    static readonly KernelName OfRows = new("GradientNorm", "gradient_norm_rows");
    static readonly KernelName OfTensors = new("GradientNorm", "gradient_norm_tensors");

    public static void Run(IKernelDevice device, in GradientNormParameters parameters)
    {
        device.Launch(
            OfRows, new LaunchShape((parameters.Rows + WarpsPerBlock - 1) / WarpsPerBlock, WarpsPerBlock * WarpLanes), parameters);
        device.Launch(OfTensors, new LaunchShape(parameters.Count, WarpLanes), parameters);
    }
}
