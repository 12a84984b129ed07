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

    /// <summary>
    /// float32 [<see cref="GemmF32Cuda.BlockFloats"/>]: scratch of <see cref="GemmF32Cuda.RunByTerms"/>. A null pointer has all terms of a
    /// tile summed by one block of threads.
    /// </summary>
    public DevicePointer Blocks;

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

    /// <summary>32 rows and 64 columns, each block of 64 terms apart; of <see cref="GemmF32Cuda.RunByTerms"/>.</summary>
    Blocks,
}

/// <summary>Starts the kernels of GemmF32.cu: <see cref="GemmF32"/> on a GPU, for the gradients of matrices.</summary>
public static class GemmF32Cuda
{
    const string Module = "GemmF32";
    const int Threads = 128;

    /// <summary>Blocks of terms from which on it is worth to sum them apart, where tiles are few.</summary>
    const int LeastBlocks = 4;

    /// <summary>Bytes of scratch from which on it is not: a pass over them takes as long as the sums.</summary>
    const long MostBlockBytes = 256 << 20;

    /// <summary>Most blocks of threads along a grid's third dimension.</summary>
    const int MostGridZ = 65535;

    static readonly KernelName RowsSmall = new(Module, "gemm_f32_rows_32x64");
    static readonly KernelName RowsLarge = new(Module, "gemm_f32_rows_64x128");
    static readonly KernelName TermsSmall = new(Module, "gemm_f32_terms_32x64");
    static readonly KernelName BlocksSmall = new(Module, "gemm_f32_blocks_32x64");
    static readonly KernelName TermsLarge = new(Module, "gemm_f32_terms_64x128");

    /// <summary>A product whose terms lie side by side in a: the gradient of a linear's input, summed over outputs.</summary>
    public static void RunByRows(IKernelDevice device, in GemmF32Parameters parameters, GemmF32Form form = GemmF32Form.Automatic) =>
        Run(device, parameters, form, RowsSmall, RowsLarge);

    /// <summary>A product whose terms are rows of a: the gradient of a linear's weights, summed over rows.</summary>
    public static void RunByTerms(IKernelDevice device, in GemmF32Parameters parameters, GemmF32Form form = GemmF32Form.Automatic)
    {
        GemmF32Parameters p = parameters;
        bool apart = form == GemmF32Form.Blocks || (form == GemmF32Form.Automatic && SumsApart(p, device.Facts.Multiprocessors));
        if (!apart)
        {
            Run(device, p, form, TermsSmall, TermsLarge);
            return;
        }
        device.Launch(
            BlocksSmall, new LaunchShape(Tiles(p.Rows, 32), Tiles(p.Columns, 64), Tiles(p.Terms, GemmF32.BlockTerms), Threads), p);
        RowSumsCuda.AddBlocks(device, new RowSumsParameters
        {
            Blocks = p.Blocks,
            Totals = p.C,
            Rows = p.Terms,
            Width = checked(p.Rows * p.Columns),
            Accumulate = p.Accumulate,
        });
    }

    /// <summary>
    /// Scratch for blocks of terms that are summed apart, which they are where few tiles would leave most of the device idle and many terms
    /// make that long; 0 where none is needed.
    /// </summary>
    /// <param name="rows">Of c.</param>
    /// <param name="columns">Of c.</param>
    /// <param name="mostTerms">Of a sum.</param>
    /// <param name="multiprocessors">Of the device.</param>
    public static long BlockFloats(int rows, int columns, int mostTerms, int multiprocessors)
    {
        bool few = (long)Tiles(rows, 32) * Tiles(columns, 64) < multiprocessors;
        int blocks = Math.Min(Tiles(mostTerms, GemmF32.BlockTerms), few ? MostBlocks(rows, columns) : 0);
        return blocks < LeastBlocks ? 0 : (long)blocks * rows * columns;
    }

    static bool SumsApart(in GemmF32Parameters p, int multiprocessors) =>
        p.Blocks != default && Tiles(p.Terms, GemmF32.BlockTerms) <= MostBlocks(p.Rows, p.Columns)
            && BlockFloats(p.Rows, p.Columns, p.Terms, multiprocessors) > 0;

    static int MostBlocks(int rows, int columns) => (int)Math.Min(MostGridZ, MostBlockBytes / (sizeof(float) * (long)rows * columns));

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
