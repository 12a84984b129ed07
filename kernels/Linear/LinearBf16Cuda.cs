using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Linear;

/// <summary>Parameters of the kernels of LinearBf16.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct LinearBf16Parameters
{
    /// <summary>bf16 [rows, blocks * 64], padded with 0.</summary>
    public DevicePointer X;

    /// <summary>bf16 [outputs, blocks * 64], padded with 0.</summary>
    public DevicePointer Weights;

    /// <summary>int32 [rows]: a negative one leaves its row's outputs alone. A null pointer leaves none alone.</summary>
    public DevicePointer Positions;

    /// <summary>float32 [rows, ldy]; not of <see cref="LinearEpilogue.SwiGlu"/>.</summary>
    public DevicePointer Y;

    /// <summary>
    /// bf16 [rows, activation blocks * 64] of <see cref="LinearEpilogue.SwiGlu"/>, padded with 0; outputs / 128 blocks, rounded up.
    /// </summary>
    public DevicePointer Activations;

    public int Rows;
    public int Outputs;

    /// <summary>Blocks of 64 inputs.</summary>
    public int Blocks;

    /// <summary>Floats from a row of y to the next.</summary>
    public int Ldy;

    /// <summary>Set by <see cref="LinearBf16Cuda.Run"/>.</summary>
    internal int Epilogue;
}

/// <summary>The forms of the bf16 linear; on one GPU all give the same bits.</summary>
public enum LinearBf16Form
{
    /// <summary>By rows, outputs and the device.</summary>
    Automatic,

    /// <summary>Tiles of 16 rows and 8 outputs, a warp each: few rows, bound by the weights.</summary>
    Rows16,

    /// <summary>Tiles of 32 rows and 64 outputs.</summary>
    Rows32,

    /// <summary>Tiles of 64 rows and 64 outputs.</summary>
    Rows64,

    /// <summary>Tiles of 128 rows and 128 outputs.</summary>
    Rows128,
}

/// <summary>
/// Starts the kernels of LinearBf16.cu: y = x W^T of bf16 values, summed in float32 by tensor cores. How those round a sum is the GPU's
/// own, so that results are measured, not exact; but an output's bits depend on its row and weights alone, whatever the form.
/// </summary>
public static class LinearBf16Cuda
{
    static readonly TileShape[] Shapes = [new(16, 8, 32, 8), new(32, 64, 128, 4), new(64, 64, 128, 4), new(128, 128, 256, 3)];

    /// <summary>Starts the linear.</summary>
    public static void Run(
        IKernelDevice device, in LinearBf16Parameters parameters, LinearEpilogue epilogue, LinearBf16Form form = LinearBf16Form.Automatic)
    {
        LinearBf16Parameters p = parameters;
        p.Epilogue = (int)epilogue;
        // With SwiGLU, tiles beyond the outputs write the padding of the activations.
        int outputs = epilogue == LinearEpilogue.SwiGlu ? Tiles(p.Outputs, 2 * QuantizedRows.BlockInputs) * 2 * QuantizedRows.BlockInputs
            : p.Outputs;
        if (form == LinearBf16Form.Automatic)
            form = Choose(p.Rows, outputs, device.Facts.Multiprocessors);
        TileShape tile = Shapes[form - LinearBf16Form.Rows16];
        device.Launch(
            tile.Kernel, new LaunchShape(Tiles(p.Rows, tile.Rows), Tiles(outputs, tile.Outputs), 1, tile.Threads, tile.SharedBytes), p);
    }

    /// <summary>The form for a shape: the largest tiles that keep the multiprocessors busy.</summary>
    internal static LinearBf16Form Choose(int rows, int outputs, int multiprocessors)
    {
        for (int i = Shapes.Length - 1; i > 0; i--)
        {
            // A multiprocessor holds two of the largest tiles; the smallest read their weights again for every 16 rows.
            long needed = i == Shapes.Length - 1 ? 2L * multiprocessors : i == 1 ? multiprocessors / 2 : multiprocessors;
            if (rows > Shapes[i - 1].Rows && (long)Tiles(rows, Shapes[i].Rows) * Tiles(outputs, Shapes[i].Outputs) >= needed)
                return LinearBf16Form.Rows16 + i;
        }
        return LinearBf16Form.Rows16;
    }

    static int Tiles(int count, int size) => (count + size - 1) / size;

    /// <summary>A tile of LinearBf16.cu; a stage holds a block of 64 inputs of its rows and outputs.</summary>
    sealed record TileShape(int Rows, int Outputs, int Threads, int Stages)
    {
        public KernelName Kernel { get; } = new("LinearBf16", $"linear_bf16_{Rows}x{Outputs}");

        public int SharedBytes => Stages * (Rows + Outputs) * QuantizedRows.BlockInputs * sizeof(ushort);
    }
}
