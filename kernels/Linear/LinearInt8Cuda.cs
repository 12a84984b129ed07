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
    /// int8 [rows, activation blocks * 64] of <see cref="LinearEpilogue.SwiGlu"/>, padded with 0; outputs / 128 blocks, rounded up.
    /// </summary>
    public DevicePointer Q;

    /// <summary>float32 [rows, activation blocks], of <see cref="LinearEpilogue.SwiGlu"/>.</summary>
    public DevicePointer QScales;

    /// <summary>int32 that collects what went wrong, of <see cref="LinearEpilogue.SwiGlu"/>.</summary>
    public DevicePointer Errors;

    /// <summary>float32 [rows, width] in the place of x, which <see cref="LinearInt8Cuda.RunNormed"/> normalises and quantises.</summary>
    public DevicePointer Residual;

    /// <summary>float32 [width], of <see cref="LinearInt8Cuda.RunNormed"/>.</summary>
    public DevicePointer NormWeight;

    /// <summary>Memory that the next kernels read; the forms for few rows ask for it.</summary>
    internal DeviceAhead Ahead;

    /// <summary>The norm's epsilon, for <see cref="LinearInt8Cuda.RunNormed"/>.</summary>
    public float Epsilon;

    /// <summary>Width of the residual.</summary>
    public int Width;

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
    const int SwiGluThreads = 1024;
    const int FewRowsOutputs = 8;

    /// <summary>Most blocks of 64 inputs of the short forms for few rows.</summary>
    const int ShortBlocks = 12;

    /// <summary>Bytes of shared memory that the form for few rows has besides what <see cref="RunNormed"/> gives it.</summary>
    const int MostFewRowsShared = 45 << 10;

    /// <summary>Most rows that <see cref="RunNormed"/> takes, and of the form for few.</summary>
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
                RunFewRows(device, p, epilogue, "", 0);
                break;
            default:
                RunTiles(device, p, epilogue, form - LinearInt8Form.Rows16);
                break;
        }
    }

    /// <summary>Whether <see cref="RunNormed"/> takes so many rows of so many blocks.</summary>
    public static bool CanNorm(DeviceFacts facts, int rows, int blocks) =>
        rows <= MostFewRows && FewRowsAtOnce(rows) * NormedRowBytes(blocks) <= facts.SharedBytesPerBlock - MostFewRowsShared;

    /// <summary>
    /// <see cref="RmsNorm.RmsNormCuda.RunInt8"/> and the linear in one launch, where <see cref="CanNorm"/> says so: each block of threads
    /// normalises them for itself while its weights are on their way.
    /// </summary>
    /// <exception cref="ArgumentException">The epilogue adds to a residual, which would be the input.</exception>
    public static void RunNormed(IKernelDevice device, in LinearInt8Parameters parameters, LinearEpilogue epilogue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parameters.Rows, MostFewRows, nameof(parameters));
        if (epilogue == LinearEpilogue.AddToResidual)
            throw new ArgumentException("blocks of threads would read what others have changed", nameof(epilogue));
        RunFewRows(device, parameters, epilogue, "norm_", NormedRowBytes(parameters.Blocks));
    }

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

    static void RunFewRows(IKernelDevice device, in LinearInt8Parameters p, LinearEpilogue epilogue, string norm, int sharedBytesPerRow)
    {
        int rows = FewRowsAtOnce(p.Rows);
        bool swiGlu = epilogue == LinearEpilogue.SwiGlu;
        bool isShort = !swiGlu && rows < MostFewRows && p.Blocks <= ShortBlocks;
        var kernel = new KernelName(Module, $"linear_int8_{norm}{(swiGlu ? "swiglu_" : "")}rows{rows}{(isShort ? "_short" : "")}");
        int outputTiles = Tiles(p.Outputs, swiGlu ? PairBlock : FewRowsOutputs);
        device.Launch(
            kernel, new LaunchShape(Tiles(p.Rows, rows), outputTiles, 1, swiGlu ? SwiGluThreads : Threads, rows * sharedBytesPerRow), p);
    }

    static int FewRowsAtOnce(int rows) => rows > 4 ? MostFewRows : rows > 2 ? 4 : rows;

    /// <summary>Bytes of shared memory for one row: int8 values and scales.</summary>
    static int NormedRowBytes(int blocks) => (QuantizedRows.BlockInputs + sizeof(float)) * blocks;

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
