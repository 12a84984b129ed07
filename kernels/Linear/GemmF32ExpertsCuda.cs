using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Linear;

/// <summary>Parameters of the kernels of GemmF32Experts.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct GemmF32ExpertsParameters
{
    /// <summary>
    /// Of <see cref="GemmF32ExpertsCuda.RunByRows"/>: a [places, terms], b [terms, columns] of the first expert, c [places, columns], and
    /// rows the most that one expert has. Of <see cref="GemmF32ExpertsCuda.RunByTerms"/>: a [places, rows], b [places, columns], c [rows,
    /// columns] of the first expert; an expert's terms are its rows.
    /// </summary>
    public GemmF32Parameters Gemm;

    /// <summary>int32 [experts + 1]: where the places of each begin.</summary>
    public DevicePointer Starts;

    /// <summary>
    /// int32 [experts]: of each the rows, fewer than 64, that were left of those before and come first; of
    /// <see cref="GemmF32ExpertsCuda.RunByTerms"/>, as the next ones are.
    /// </summary>
    public DevicePointer Left;

    /// <summary>float32 [experts, 64, rows].</summary>
    public DevicePointer LeftA;

    /// <summary>float32 [experts, 64, columns].</summary>
    public DevicePointer LeftB;

    /// <summary>Floats from the matrix of an expert to that of the next.</summary>
    public long Stride;

    /// <summary>Not 0: no rows are left; else those that fill no block of 64 are.</summary>
    public int Last;
}

/// <summary>
/// Starts the kernels of GemmF32Experts.cu: the gradients of all experts' matrices in one launch, each over its own rows.
/// </summary>
public static class GemmF32ExpertsCuda
{
    const string Module = "GemmF32Experts";
    const int Threads = 128;
    static readonly KernelName RowsSmall = new(Module, "gemm_f32_experts_rows_32x64");
    static readonly KernelName RowsLarge = new(Module, "gemm_f32_experts_rows_64x128");
    static readonly KernelName TermsSmall = new(Module, "gemm_f32_experts_terms_32x64");
    static readonly KernelName TermsLarge = new(Module, "gemm_f32_experts_terms_64x128");

    /// <summary>Gradients of the linears' inputs, summed over outputs.</summary>
    /// <param name="device">Where they run.</param>
    /// <param name="parameters">Operands.</param>
    /// <param name="experts">Experts.</param>
    /// <param name="usual">Rows that an expert has on average.</param>
    /// <param name="form">Size of the tiles.</param>
    public static void RunByRows(
        IKernelDevice device, in GemmF32ExpertsParameters parameters, int experts, int usual, GemmF32Form form = GemmF32Form.Automatic) =>
        Run(device, parameters, experts, usual, form, RowsSmall, RowsLarge);

    /// <summary>Gradients of the linears' weights, summed over an expert's rows in blocks of 64 of its own.</summary>
    /// <param name="device">Where they run.</param>
    /// <param name="parameters">Operands.</param>
    /// <param name="experts">Experts.</param>
    /// <param name="form">Size of the tiles.</param>
    public static void RunByTerms(
        IKernelDevice device, in GemmF32ExpertsParameters parameters, int experts, GemmF32Form form = GemmF32Form.Automatic) =>
        Run(device, parameters, experts, parameters.Gemm.Rows, form, TermsSmall, TermsLarge);

    static void Run(
        IKernelDevice device, in GemmF32ExpertsParameters p, int experts, int usual, GemmF32Form form, KernelName small, KernelName large)
    {
        if (form == GemmF32Form.Automatic)
            form = FillsWithLarge(device, p.Gemm.Columns, experts, usual) ? GemmF32Form.LargeTiles : GemmF32Form.SmallTiles;
        (KernelName kernel, int rows, int columns) = form == GemmF32Form.LargeTiles ? (large, 64, 128) : (small, 32, 64);
        device.Launch(kernel, new LaunchShape(Tiles(p.Gemm.Rows, rows), Tiles(p.Gemm.Columns, columns), experts, Threads), p);
    }

    /// <summary>As of one matrix, where the usual expert has a whole tile.</summary>
    static bool FillsWithLarge(IKernelDevice device, int columns, int experts, int usual) =>
        usual >= 64 && (long)experts * Tiles(usual, 64) * Tiles(columns, 128) >= 2L * device.Facts.Multiprocessors;

    static int Tiles(int count, int size) => (count + size - 1) / size;
}
