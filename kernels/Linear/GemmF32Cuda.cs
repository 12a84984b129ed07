using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Linear;

/// <summary>Parameters of the kernels of GemmF32.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct GemmF32Parameters
{
    /// <summary>
    /// float32 [rows, terms] of <see cref="GemmF32Cuda.RunByRows"/>, [terms, rows] of <see cref="GemmF32Cuda.RunByTerms"/>.
    /// </summary>
    public DevicePointer A;

    /// <summary>float32 [terms, columns].</summary>
    public DevicePointer B;

    /// <summary>float32 [rows, columns]; shares no element with the others.</summary>
    public DevicePointer C;

    public int Rows;
    public int Columns;

    /// <summary>At least 1.</summary>
    public int Terms;

    /// <summary>Not 0: the sums are added to what c holds.</summary>
    public int Accumulate;
}

/// <summary>Sizes of the tiles of <see cref="GemmF32Cuda"/>; all give the same bits.</summary>
public enum GemmF32Form
{
    /// <summary>By the shape and the device.</summary>
    Automatic,

    /// <summary>32 rows and 64 columns.</summary>
    SmallTiles,

    /// <summary>64 rows and 128 columns.</summary>
    LargeTiles,
}

/// <summary>Starts the kernels of GemmF32.cu: <see cref="GemmF32"/> on a GPU, for the gradients of matrices.</summary>
public static class GemmF32Cuda
{
    const string Module = "GemmF32";
    const int Threads = 128;
    static readonly KernelName RowsSmall = new(Module, "gemm_f32_rows_32x64");
    static readonly KernelName RowsLarge = new(Module, "gemm_f32_rows_64x128");
    static readonly KernelName TermsSmall = new(Module, "gemm_f32_terms_32x64");
    static readonly KernelName TermsLarge = new(Module, "gemm_f32_terms_64x128");

    /// <summary>A product whose terms lie side by side in a: the gradient of a linear's input, summed over outputs.</summary>
    public static void RunByRows(IKernelDevice device, in GemmF32Parameters parameters, GemmF32Form form = GemmF32Form.Automatic) =>
        Run(device, parameters, form, RowsSmall, RowsLarge);

    /// <summary>A product whose terms are rows of a: the gradient of a linear's weights, summed over rows.</summary>
    public static void RunByTerms(IKernelDevice device, in GemmF32Parameters parameters, GemmF32Form form = GemmF32Form.Automatic) =>
        Run(device, parameters, form, TermsSmall, TermsLarge);

    static void Run(IKernelDevice device, in GemmF32Parameters p, GemmF32Form form, KernelName small, KernelName large)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(p.Terms);
        if (form == GemmF32Form.Automatic)
            form = FillsWithLarge(p, device.Facts.Multiprocessors) ? GemmF32Form.LargeTiles : GemmF32Form.SmallTiles;
        if (form == GemmF32Form.LargeTiles)
            device.Launch(large, new LaunchShape(Tiles(p.Rows, 64), Tiles(p.Columns, 128), 1, Threads), p);
        else
            device.Launch(small, new LaunchShape(Tiles(p.Rows, 32), Tiles(p.Columns, 64), 1, Threads), p);
    }

    /// <summary>Large tiles need half the shared memory's traffic, and are worth it where each multiprocessor has two.</summary>
    static bool FillsWithLarge(in GemmF32Parameters p, int multiprocessors) =>
        (long)Tiles(p.Rows, 64) * Tiles(p.Columns, 128) >= 2L * multiprocessors;

    static int Tiles(int count, int size) => (count + size - 1) / size;
}
