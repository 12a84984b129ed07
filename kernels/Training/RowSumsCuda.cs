using System.Runtime.InteropServices;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;

namespace Harness.Kernels.Training;

/// <summary>Parameters of the kernels of RowSums.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RowSumsParameters
{
    /// <summary>float32 [rows, width].</summary>
    public DevicePointer Parts;

    /// <summary>float32 [<see cref="RowSumsCuda.Blocks"/>, width]: scratch.</summary>
    public DevicePointer Blocks;

    /// <summary>float32 [width].</summary>
    public DevicePointer Totals;

    public int Rows;
    public int Width;

    /// <summary>Not 0: the sums are added to what the totals hold.</summary>
    public int Accumulate;
}

/// <summary>Starts the kernels of RowSums.cu: the gradient of a norm's weights from the rows' parts, in blocks of 64 rows.</summary>
public static class RowSumsCuda
{
    const int Threads = 128;
    static readonly KernelName OfBlocks = new("RowSums", "row_sums_blocks");
    static readonly KernelName OfAll = new("RowSums", "row_sums");

    /// <summary>Blocks of so many rows.</summary>
    public static int Blocks(int rows) => (rows + GemmF32.BlockTerms - 1) / GemmF32.BlockTerms;

    public static void Run(IKernelDevice device, in RowSumsParameters parameters)
    {
        int columns = (parameters.Width + Threads - 1) / Threads;
        device.Launch(OfBlocks, new LaunchShape(Blocks(parameters.Rows), columns, 1, Threads), parameters);
        device.Launch(OfAll, new LaunchShape(columns, Threads), parameters);
    }
}
