using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Linear;

/// <summary>Parameters of the kernels of LinearInt8.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct LinearInt8Parameters
{
    /// <summary>int8 [rows, blocks * 64].</summary>
    public DevicePointer X;

    /// <summary>float32 [rows, blocks].</summary>
    public DevicePointer XScales;

    /// <summary>int8 [outputs, blocks * 64], padded with 0.</summary>
    public DevicePointer Weights;

    /// <summary>float32 [outputs].</summary>
    public DevicePointer WeightScales;

    /// <summary>int32 [rows]: a negative one leaves its row's outputs alone. A null pointer leaves none alone.</summary>
    public DevicePointer Positions;

    /// <summary>float32 [rows, ldy]; not of <see cref="LinearEpilogue.SwiGlu"/>.</summary>
    public DevicePointer Y;

    /// <summary>
    /// int8 [rows, activation blocks * 64] of <see cref="LinearEpilogue.SwiGlu"/>, padded with 0; outputs / 128 blocks, rounded up. Of
    /// <see cref="NormWeight"/>, [rows, blocks * 64]; outputs / 64 blocks, rounded up.
    /// </summary>
    public DevicePointer Q;

    /// <summary>float32 [rows, blocks of <see cref="Q"/>].</summary>
    public DevicePointer QScales;

    /// <summary>int32 that collects what went wrong where <see cref="Q"/> is written.</summary>
    public DevicePointer Errors;

    /// <summary>
    /// float32 [outputs], of <see cref="LinearInt8Cuda.RunAndNormalise"/>: the weights of the norm of what was added to. Else null.
    /// </summary>
    internal DevicePointer NormWeight;

    /// <summary>
    /// float32 [rows, activation blocks * 64]: scratch of <see cref="LinearEpilogue.SwiGlu"/> in the form for few rows.
    /// </summary>
    public DevicePointer Activations;

    /// <summary>
    /// int32 [<see cref="LinearInt8Cuda.Counters"/>], zeros before and after, of the form for few rows where <see cref="Q"/> is written.
    /// </summary>
    public DevicePointer Counters;

    /// <summary>Memory that the next kernels read; the forms for few rows ask for it.</summary>
    internal DeviceAhead Ahead;

    /// <summary>The norm's epsilon, of <see cref="LinearInt8Cuda.RunAndNormalise"/>.</summary>
    internal float Epsilon;

    public int Rows;
    public int Outputs;

    /// <summary>Blocks of 64 inputs.</summary>
    public int Blocks;

    /// <summary>Floats from a row of y to the next.</summary>
    public int Ldy;

    /// <summary>Set by <see cref="LinearInt8Cuda.Run"/>.</summary>
    internal int Add;
}

/// <summary>The forms of the w8a8 linear on a GPU; all give the same bits.</summary>
public enum LinearInt8Form
{
    /// <summary>By rows, outputs and the device.</summary>
    Automatic,

    /// <summary>A thread an output; not with <see cref="LinearEpilogue.SwiGlu"/>.</summary>
    Reference,

    /// <summary>dp4a, weights read once for up to 8 rows at a time.</summary>
    FewRows,

    /// <summary>Tensor cores, tiles of 16 rows.</summary>
    Rows16,

    /// <summary>Tensor cores, tiles of 32 rows.</summary>
    Rows32,

    /// <summary>Tensor cores, tiles of 64 rows.</summary>
    Rows64,

    /// <summary>Tensor cores, tiles of 128 rows.</summary>
    Rows128,
}

/// <summary>Starts the kernels of LinearInt8.cu: <see cref="LinearInt8"/> on a GPU.</summary>
/// <remarks>
/// Few rows are bound by the weights, one byte each: 16-byte loads, 96 bytes a thread under way. Many rows are bound by arithmetic: a
/// tensor core instruction multiplies 16 rows by 8 outputs and 32 inputs, and after every second one 8 float instructions carry on the
/// chains of its 128 sums; with the loads that is about 11.5 instructions to issue for 8,192 multiply-adds of a warp, so that on an H100
/// (4 instructions a clock and multiprocessor) the exact chain allows about 2,850 of the 4,096 multiply-adds a clock of the datasheet.
/// A tile of R rows and N outputs reads 64 * (R + N) bytes for 64 * R * N multiply-adds: 128 x 128 needs 1 byte for 64.
/// </remarks>
public static class LinearInt8Cuda
{
    const string Module = "LinearInt8";
    const int Threads = 128;
    const int FewRowsOutputs = 8;

    /// <summary>Most blocks of 64 inputs of the short forms for few rows.</summary>
    const int ShortBlocks = 12;

    /// <summary>Most rows of the form for few, where that is chosen.</summary>
    public const int MostFewRows = 8;

    /// <summary>Outputs, gates and ups, of one block of activations.</summary>
    const int PairBlock = 2 * QuantizedRows.BlockInputs;

    static readonly TileShape[] PlainTiles = [new(16, 64, 128, 8), new(32, 64, 128, 8), new(64, 64, 128, 6), new(128, 128, 256, 4)];
    static readonly TileShape[] SwiGluTiles =
        [new(16, PairBlock, 128, 6), new(32, PairBlock, 128, 6), new(64, PairBlock, 256, 4), new(128, PairBlock, 256, 4)];
    static readonly KernelName Reference = new(Module, "linear_int8_reference");

    /// <summary>Starts the linear.</summary>
    /// <exception cref="ArgumentException">The form does not have that epilogue.</exception>
    public static void Run(
        IKernelDevice device, in LinearInt8Parameters parameters, LinearEpilogue epilogue, LinearInt8Form form = LinearInt8Form.Automatic)
    {
        LinearInt8Parameters p = parameters;
        p.Add = epilogue == LinearEpilogue.AddToResidual ? 1 : 0;
        if (form == LinearInt8Form.Automatic)
            form = Choose(p.Rows, p.Outputs, epilogue, device.Facts.Multiprocessors);
        switch (form)
        {
            case LinearInt8Form.Reference:
                RunReference(device, p, epilogue);
                break;
            case LinearInt8Form.FewRows:
                RunFewRows(device, p, epilogue);
                break;
            default:
                RunTiles(device, p, epilogue, form - LinearInt8Form.Rows16);
                break;
        }
    }

    /// <summary>
    /// The form for few rows, adding to a residual, and then <see cref="RmsNorm.RmsNormCuda"/>'s norm of that, quantised, in one launch:
    /// the block of threads that ends last normalises what all have added to.
    /// </summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="parameters">Of the linear; Q and QScales get the normalised rows.</param>
    /// <param name="normWeight">float32 [outputs].</param>
    /// <param name="epsilon">The norm's.</param>
    /// <exception cref="ArgumentException">The rows of the residual do not follow each other.</exception>
    public static void RunAndNormalise(IKernelDevice device, in LinearInt8Parameters parameters, DevicePointer normWeight, float epsilon)
    {
        if (parameters.Ldy != parameters.Outputs)
            throw new ArgumentException("the norm reads rows that follow each other", nameof(parameters));
        LinearInt8Parameters p = parameters with { Add = 1, NormWeight = normWeight, Epsilon = epsilon };
        RunFewRows(device, p, LinearEpilogue.AddToResidual);
    }

    /// <summary>Counters that the form for few rows needs at most: one a block of threads that takes other rows, and 128 outputs.</summary>
    public static int Counters(int rows, int outputs) => Tiles(rows, FewRowsAtOnce(rows)) * Tiles(outputs, PairBlock);

    /// <summary>The form for a shape: the largest tiles of which every multiprocessor has one, or of the largest two.</summary>
    internal static LinearInt8Form Choose(int rows, int outputs, LinearEpilogue epilogue, int multiprocessors)
    {
        if (rows <= MostFewRows)
            return LinearInt8Form.FewRows;
        TileShape[] tiles = epilogue == LinearEpilogue.SwiGlu ? SwiGluTiles : PlainTiles;
        for (int i = tiles.Length - 1; i > 0; i--)
        {
            long needed = i == tiles.Length - 1 ? 2L * multiprocessors : multiprocessors;
            if (rows > tiles[i - 1].Rows && (long)Tiles(rows, tiles[i].Rows) * Tiles(outputs, tiles[i].Outputs) >= needed)
                return LinearInt8Form.Rows16 + i;
        }
        return LinearInt8Form.Rows16;
    }

    static void RunReference(IKernelDevice device, in LinearInt8Parameters p, LinearEpilogue epilogue)
    {
        if (epilogue == LinearEpilogue.SwiGlu)
            throw new ArgumentException("the reference form stores gates and ups; SwiGluCuda activates them", nameof(epilogue));
        device.Launch(Reference, new LaunchShape(Tiles(p.Outputs, Threads), p.Rows, 1, Threads), p);
    }

    static void RunFewRows(IKernelDevice device, in LinearInt8Parameters p, LinearEpilogue epilogue)
    {
        int rows = FewRowsAtOnce(p.Rows);
        bool swiGlu = epilogue == LinearEpilogue.SwiGlu;
        if ((swiGlu || p.NormWeight != default) && (p.Counters == default || (swiGlu && p.Activations == default)))
            throw new ArgumentException("the last block of threads needs counters, and scratch for activations", nameof(p));
        bool isShort = rows < MostFewRows && p.Blocks <= ShortBlocks;
        var kernel = new KernelName(Module, $"linear_int8_{(swiGlu ? "swiglu_" : "")}rows{rows}{(isShort ? "_short" : "")}");
        device.Launch(kernel, new LaunchShape(Tiles(p.Rows, rows), Tiles(p.Outputs, FewRowsOutputs), 1, Threads), p);
    }

    static int FewRowsAtOnce(int rows) => rows > 4 ? MostFewRows : rows > 2 ? 4 : rows;

    static void RunTiles(IKernelDevice device, in LinearInt8Parameters p, LinearEpilogue epilogue, int index)
    {
        bool swiGlu = epilogue == LinearEpilogue.SwiGlu;
        TileShape tile = (swiGlu ? SwiGluTiles : PlainTiles)[index];
        var kernel = new KernelName(Module, $"linear_int8_{(swiGlu ? "swiglu_" : "")}{tile.Rows}x{tile.Outputs}");
        device.Launch(
            kernel, new LaunchShape(Tiles(p.Rows, tile.Rows), Tiles(p.Outputs, tile.Outputs), 1, tile.Threads, tile.SharedBytes), p);
    }

    static int Tiles(int count, int size) => (count + size - 1) / size;

    /// <summary>A tile of LinearInt8.cu; a stage holds a block of 64 inputs of its rows and outputs, and the rows' scales.</summary>
    readonly record struct TileShape(int Rows, int Outputs, int Threads, int Stages)
    {
        public int SharedBytes => Stages * (((Rows + Outputs) * QuantizedRows.BlockInputs) + (Rows * sizeof(float)));
    }
}
