using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Linear;

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

/// <summary>
/// Starts the kernels of RowSums.cu: sums of rows in blocks of 64, in the order of <see cref="GemmF32"/>; of a norm's parts, or of products
/// whose blocks were summed apart.
/// </summary>
public static class RowSumsCuda
{
    const int Threads = 128;
    static readonly KernelName OfBlocks = new("RowSums", "row_sums_blocks");
    static readonly KernelName OfAll = new("RowSums", "row_sums");

    /// <summary>Blocks of so many rows.</summary>
    public static int Blocks(int rows) => (rows + GemmF32.BlockTerms - 1) / GemmF32.BlockTerms;

    public static void Run(IKernelDevice device, in RowSumsParameters parameters)
    {
        device.Launch(OfBlocks, new LaunchShape(Blocks(parameters.Rows), Columns(parameters), 1, Threads), parameters);
        AddBlocks(device, parameters);
    }

    /// <summary>Adds blocks that are summed already.</summary>
    public static void AddBlocks(IKernelDevice device, in RowSumsParameters parameters) =>
        device.Launch(OfAll, new LaunchShape(Columns(parameters), Threads), parameters);

    static int Columns(in RowSumsParameters parameters) => (parameters.Width + Threads - 1) / Threads;
}
