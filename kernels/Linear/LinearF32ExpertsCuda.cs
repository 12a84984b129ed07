using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Linear;

/// <summary>Parameters of the kernels of LinearF32Experts.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct LinearF32ExpertsParameters
{
    /// <summary>
    /// Rows of all experts, each expert's one behind the other, and the most that one of them has; weights [outputs, inputs] of the first;
    /// no positions.
    /// </summary>
    public LinearF32Parameters Linear;

    /// <summary>int32 [experts + 1]: where the rows of each begin.</summary>
    public DevicePointer Starts;

    /// <summary>Floats from the weights of an expert to those of the next.</summary>
    public long Stride;
}

/// <summary>Starts the kernels of LinearF32Experts.cu: the matrices of all experts in one launch, each over its own rows.</summary>
public static class LinearF32ExpertsCuda
{
    const string Module = "LinearF32Experts";
    const int FewRowsOutputs = 4;
    const int SmallThreads = 64;
    const int LargeThreads = 128;
    static readonly KernelName OneRow = new(Module, "linear_f32_experts_rows1");
    static readonly KernelName FewRows = new(Module, "linear_f32_experts_rows4");
    static readonly KernelName Small = new(Module, "linear_f32_experts_32x32");
    static readonly KernelName Large = new(Module, "linear_f32_experts_64x128");

    /// <summary>Starts the linears.</summary>
    /// <param name="device">Where they run.</param>
    /// <param name="parameters">Rows: the most that one expert has.</param>
    /// <param name="epilogue">What becomes of the outputs.</param>
    /// <param name="experts">Experts.</param>
    /// <param name="usual">Rows that an expert has on average.</param>
    /// <param name="form">Automatic, few rows, or tiles.</param>
    public static void Run(
        IKernelDevice device, in LinearF32ExpertsParameters parameters, LinearEpilogue epilogue, int experts, int usual,
        LinearF32Form form = LinearF32Form.Automatic)
    {
        LinearF32ExpertsParameters p = parameters;
        p.Linear.Epilogue = (int)epilogue;
        if (form == LinearF32Form.Automatic)
            form = Choose(p.Linear, experts, usual, device.Facts.Multiprocessors);
        (KernelName kernel, int rows, int outputs, int threads) = form switch
        {
            LinearF32Form.FewRows when p.Linear.Rows == 1 => (OneRow, 1, FewRowsOutputs, SmallThreads),
            LinearF32Form.FewRows => (FewRows, ExpertRows.AtOnce, FewRowsOutputs, SmallThreads),
            LinearF32Form.LargeTiles => (Large, 64, 128, LargeThreads),
            _ => (Small, 32, 32, SmallThreads),
        };
        device.Launch(kernel, new LaunchShape(Tiles(p.Linear.Rows, rows), Tiles(p.Linear.Outputs, outputs), experts, threads), p);
    }

    /// <summary>Large tiles only where the usual expert fills one, and they give every multiprocessor two.</summary>
    internal static LinearF32Form Choose(in LinearF32Parameters linear, int experts, int usual, int multiprocessors)
    {
        if (ExpertRows.AreFew(linear.Rows, usual))
            return LinearF32Form.FewRows;
        return usual >= 64 && (long)experts * Tiles(usual, 64) * Tiles(linear.Outputs, 128) >= 2L * multiprocessors
            ? LinearF32Form.LargeTiles
            : LinearF32Form.SmallTiles;
    }

    static int Tiles(int count, int size) => (count + size - 1) / size;
}
