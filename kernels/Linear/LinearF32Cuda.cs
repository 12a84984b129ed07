using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Linear;

/// <summary>Parameters of the kernels of LinearF32.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct LinearF32Parameters
{
    /// <summary>float32 [rows, inputs].</summary>
    public DevicePointer X;

    /// <summary>float32 [outputs, inputs].</summary>
    public DevicePointer Weights;

    /// <summary>int32 [rows]: a negative one leaves its row's outputs alone. A null pointer leaves none alone.</summary>
    public DevicePointer Positions;

    /// <summary>float32 [rows, ldy].</summary>
    public DevicePointer Y;

    public int Rows;
    public int Outputs;
    public int Inputs;

    /// <summary>Floats from a row of y to the next.</summary>
    public int Ldy;

    /// <summary>Set by <see cref="LinearF32Cuda.Run"/>.</summary>
    internal int Epilogue;
}

/// <summary>The forms of the exact f32 linear on a GPU; all give the same bits.</summary>
public enum LinearF32Form
{
    /// <summary>By rows, outputs and the device.</summary>
    Automatic,

    /// <summary>A thread an output.</summary>
    Reference,

    /// <summary>Weights read once for up to 4 rows at a time.</summary>
    FewRows,

    /// <summary>Tiles of 32 rows and 32 outputs.</summary>
    SmallTiles,

    /// <summary>Tiles of 64 rows and 128 outputs.</summary>
    LargeTiles,
}

/// <summary>
/// Starts the kernels of LinearF32.cu: <see cref="LinearF32"/> on a GPU. Few rows are bound by the 4 bytes of each weight; many by one
/// fma a row and weight: tiles read 16 bytes of shared memory for 16 of them (large) or 8 (small).
/// </summary>
public static class LinearF32Cuda
{
    const string Module = "LinearF32";
    const int ReferenceThreads = 128;
    const int FewRowsOutputs = 4;
    const int FewRowsThreads = 64;
    const int MostFewRows = 4;

    /// <summary>Most blocks of threads along a grid's second dimension.</summary>
    const int MostGridY = 65535;

    static readonly KernelName Reference = new(Module, "linear_f32_reference");

    // By the logarithm of the rows at a time.
    static readonly KernelName[] FewRows = [.. new[] { 1, 2, 4 }.Select(rows => new KernelName(Module, $"linear_f32_rows{rows}"))];
    static readonly KernelName Small = new(Module, "linear_f32_32x32");
    static readonly KernelName Large = new(Module, "linear_f32_64x128");

    /// <summary>Starts the linear.</summary>
    public static void Run(
        IKernelDevice device, in LinearF32Parameters parameters, LinearEpilogue epilogue, LinearF32Form form = LinearF32Form.Automatic)
    {
        LinearF32Parameters p = parameters;
        p.Epilogue = (int)epilogue;
        if (form == LinearF32Form.Automatic)
            form = Choose(p.Rows, p.Outputs, device.Facts.Multiprocessors);
        (KernelName kernel, LaunchShape shape) = form switch
        {
            LinearF32Form.Reference => (Reference, new LaunchShape(Tiles(p.Outputs, ReferenceThreads), p.Rows, 1, ReferenceThreads)),
            LinearF32Form.FewRows => FewRowsLaunch(p),
            LinearF32Form.SmallTiles => (Small, new LaunchShape(Tiles(p.Rows, 32), Tiles(p.Outputs, 32), 1, 64)),
            _ => (Large, new LaunchShape(Tiles(p.Rows, 64), Tiles(p.Outputs, 128), 1, 128)),
        };
        device.Launch(kernel, shape, p);
    }

    /// <summary>
    /// The form for a shape: large tiles only where they give every multiprocessor two, or few rows have too many outputs.
    /// </summary>
    internal static LinearF32Form Choose(int rows, int outputs, int multiprocessors)
    {
        if (rows <= 2 * MostFewRows && Tiles(outputs, FewRowsOutputs) <= MostGridY)
            return LinearF32Form.FewRows;
        return (long)Tiles(rows, 64) * Tiles(outputs, 128) >= 2L * multiprocessors ? LinearF32Form.LargeTiles : LinearF32Form.SmallTiles;
    }

    static (KernelName Kernel, LaunchShape Shape) FewRowsLaunch(in LinearF32Parameters p)
    {
        int index = p.Rows switch { 1 => 0, 2 => 1, _ => 2 };
        return (FewRows[index], new LaunchShape(Tiles(p.Rows, 1 << index), Tiles(p.Outputs, FewRowsOutputs), 1, FewRowsThreads));
    }

    static int Tiles(int count, int size) => (count + size - 1) / size;
}
