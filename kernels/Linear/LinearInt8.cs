using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Harness.Kernels.Cpu;

namespace Harness.Kernels.Linear;

/// <summary>
/// y[r, o] = scale[o] * chain over blocks b ascending of fma(sum_b, scale[r, b], acc), acc from +0, where sum_b is the exact
/// int32 sum of the products of a block of 64 inputs. Every form, and any split into rows and outputs, gives the same bits.
/// </summary>
public static unsafe class LinearInt8
{
    /// <summary>Outputs computed together; a slice of outputs starts at a multiple of it.</summary>
    public const int OutputTile = 32;

    // Bytes of weights from a group of inputs to the next.
    internal const int GroupBytes = OutputTile * Int8Matrix.GroupInputs;

    // VNNI multiplies unsigned by signed bytes: activations are stored with this added.
    internal const int UnsignedBias = 128;

    /// <summary>Writes y + r * ldy + o for rows [firstRow, firstRow + rows) and outputs [firstOutput, firstOutput + outputs).</summary>
    /// <param name="x">Rows quantised for the instruction set of <paramref name="w"/>.</param>
    /// <param name="firstOutput">A multiple of <see cref="OutputTile"/>.</param>
    /// <param name="y">Row 0, output 0, whatever the slice.</param>
    /// <param name="ldy">Floats from a row of <paramref name="y"/> to the next.</param>
    public static void Run(QuantizedRows x, int firstRow, int rows, Int8Matrix w, int firstOutput, int outputs, float* y, int ldy)
    {
        switch (w.Isa)
        {
            case InstructionSet.Avx512:
                Run<LinearInt8Avx512>(x, firstRow, rows, w, firstOutput, outputs, y, ldy);
                break;
            case InstructionSet.AvxVnni:
                Run<LinearInt8AvxVnni<AvxVnniDot>>(x, firstRow, rows, w, firstOutput, outputs, y, ldy);
                break;
            case InstructionSet.Avx2:
                Run<LinearInt8Avx2>(x, firstRow, rows, w, firstOutput, outputs, y, ldy);
                break;
            default:
                Run<LinearInt8Portable>(x, firstRow, rows, w, firstOutput, outputs, y, ldy);
                break;
        }
    }

    // A tile of weights stays in the nearest caches while all rows pass over it, so weights are read from memory once.
    [SkipLocalsInit]
    internal static void Run<TKernel>(QuantizedRows x, int firstRow, int rows, Int8Matrix w, int firstOutput, int outputs, float* y, int ldy)
        where TKernel : struct, IInt8Kernel
    {
        Check(x, firstRow, rows, w, firstOutput, outputs);
        float* sums = stackalloc float[QuantizedRows.GroupRows * OutputTile];
        for (int output = firstOutput; output < firstOutput + outputs; output += OutputTile)
        {
            int width = Math.Min(OutputTile, firstOutput + outputs - output);
            int taken;
            for (int row = firstRow; row < firstRow + rows; row += taken)
            {
                int within = Math.Min(firstRow + rows - row, QuantizedRows.GroupRows - row % QuantizedRows.GroupRows);
                taken = TKernel.Accumulate(new Int8Tile
                {
                    Rows = within,
                    Inputs = w.Inputs,
                    Activations = x.Values(row),
                    Scales = x.Scales(row),
                    Corrections = x.Corrections(row),
                    Weights = w.Tile(output),
                    Offsets = w.Offsets(output),
                    Sums = sums,
                });
                Finish(sums, taken, w.TileScales(output), y + (nint)row * ldy + output, ldy, width);
            }
        }
    }

    /// <summary>Bytes of weights in the block that the remaining inputs begin with.</summary>
    internal static int BlockBytes(int inputs) =>
        (Math.Min(QuantizedRows.BlockInputs, inputs) + Int8Matrix.GroupInputs - 1) / Int8Matrix.GroupInputs * GroupBytes;

    static void Check(QuantizedRows x, int firstRow, int rows, Int8Matrix w, int firstOutput, int outputs)
    {
        if (x.Inputs != w.Inputs || x.Isa != w.Isa)
            throw new ArgumentException($"rows of {x.Inputs} inputs for {x.Isa} do not fit a matrix of {w.Inputs} inputs for {w.Isa}");
        if (firstRow < 0 || rows < 0 || firstRow + rows > x.Capacity)
            throw new ArgumentOutOfRangeException(nameof(rows), $"rows {firstRow} + {rows} exceed {x.Capacity}");
        if (firstOutput < 0 || firstOutput % OutputTile != 0 || outputs < 0 || firstOutput + outputs > w.Outputs)
            throw new ArgumentOutOfRangeException(nameof(outputs), $"outputs {firstOutput} + {outputs} of {w.Outputs}, tile {OutputTile}");
    }

    static void Finish(float* sums, int rows, float* scales, float* y, nint ldy, int width)
    {
        for (int r = 0; r < rows; r++, sums += OutputTile, y += ldy)
        {
            int o = 0;
            for (; o + Vector256<float>.Count <= width; o += Vector256<float>.Count)
                (Vector256.Load(sums + o) * Vector256.Load(scales + o)).Store(y + o);
            for (; o < width; o++)
                y[o] = sums[o] * scales[o];
        }
    }
}

/// <summary>Some rows of one group against one tile of 32 outputs.</summary>
unsafe struct Int8Tile
{
    public int Rows;
    public int Inputs;

    /// <summary>First row, first block; blocks are <see cref="QuantizedRows.GroupRows"/> rows apart.</summary>
    public byte* Activations;

    /// <summary>First row, first block; blocks are <see cref="QuantizedRows.GroupRows"/> scales apart.</summary>
    public float* Scales;

    /// <summary>As <see cref="Scales"/>: what each sum starts from, see <see cref="SignedByteBlock"/>; not for VNNI.</summary>
    public int* Corrections;

    public sbyte* Weights;

    /// <summary>For VNNI, what each sum starts from: see <see cref="Int8Matrix.Offsets"/>.</summary>
    public int* Offsets;

    /// <summary>Where the chain over blocks is left, before the scales of the outputs: [row][32].</summary>
    public float* Sums;
}

/// <summary>One instruction set's form of the int8 tile.</summary>
interface IInt8Kernel
{
    /// <summary>Computes as many of the tile's rows as this form takes at once, and returns how many those were.</summary>
    static abstract int Accumulate(in Int8Tile tile);
}
