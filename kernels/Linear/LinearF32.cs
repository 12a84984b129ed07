using System.Runtime.CompilerServices;
using Harness.Kernels.Cpu;

namespace Harness.Kernels.Linear;

/// <summary>
/// y[r, o] = sum over k of x[r, k] * w[o, k] in float32: within a block of 64 inputs a chain of fused multiply-adds from +0,
/// then the block sums added in ascending order from +0. Every form, and any split into rows and outputs, gives the same bits.
/// </summary>
public static unsafe class LinearF32
{
    /// <summary>Outputs computed together; a slice of outputs starts at a multiple of it.</summary>
    public const int OutputTile = 32;

    /// <summary>Inputs of one chain of fused multiply-adds.</summary>
    public const int BlockInputs = 64;

    const int MostRows = 8;

    /// <summary>Writes y + r * ldy + o for rows [firstRow, firstRow + rows) and outputs [firstOutput, firstOutput + outputs).</summary>
    /// <param name="x">Row 0, whatever the slice.</param>
    /// <param name="ldx">Floats from a row of <paramref name="x"/> to the next.</param>
    /// <param name="firstOutput">A multiple of <see cref="OutputTile"/>.</param>
    /// <param name="y">Row 0, output 0, whatever the slice.</param>
    /// <param name="ldy">Floats from a row of <paramref name="y"/> to the next.</param>
    public static void Run(float* x, int ldx, int firstRow, int rows, F32Matrix w, int firstOutput, int outputs, float* y, int ldy)
    {
        switch (w.Isa)
        {
            case InstructionSet.Avx512:
                Run<LinearF32Avx512>(x, ldx, firstRow, rows, w, firstOutput, outputs, y, ldy);
                break;
            case InstructionSet.AvxVnni:
            case InstructionSet.Avx2:
                Run<LinearF32Avx2>(x, ldx, firstRow, rows, w, firstOutput, outputs, y, ldy);
                break;
            default:
                Run<LinearF32Portable>(x, ldx, firstRow, rows, w, firstOutput, outputs, y, ldy);
                break;
        }
    }

    // A tile of weights stays in the nearest caches while all rows pass over it, so weights are read from memory once.
    [SkipLocalsInit]
    static void Run<TKernel>(float* x, int ldx, int firstRow, int rows, F32Matrix w, int firstOutput, int outputs, float* y, int ldy)
        where TKernel : struct, IF32Kernel
    {
        if (firstRow < 0 || rows < 0)
            throw new ArgumentOutOfRangeException(nameof(rows), $"rows {firstRow} + {rows}");
        if (firstOutput < 0 || firstOutput % OutputTile != 0 || outputs < 0 || firstOutput + outputs > w.Outputs)
            throw new ArgumentOutOfRangeException(nameof(outputs), $"outputs {firstOutput} + {outputs} of {w.Outputs}, tile {OutputTile}");
        float* sums = stackalloc float[MostRows * OutputTile];
        for (int output = firstOutput; output < firstOutput + outputs; output += OutputTile)
        {
            int width = Math.Min(OutputTile, firstOutput + outputs - output);
            int taken;
            for (int row = firstRow; row < firstRow + rows; row += taken)
            {
                taken = TKernel.Accumulate(new F32Tile
                {
                    Rows = firstRow + rows - row,
                    Inputs = w.Inputs,
                    Activations = x + (nint)row * ldx,
                    RowStep = ldx,
                    Weights = w.Tile(output),
                    Sums = sums,
                });
                for (int r = 0; r < taken; r++)
                {
                    Span<float> destination = new(y + (nint)(row + r) * ldy + output, width);
                    new ReadOnlySpan<float>(sums + r * OutputTile, width).CopyTo(destination);
                }
            }
        }
    }
}

/// <summary>Some rows against one tile of 32 outputs.</summary>
unsafe struct F32Tile
{
    public int Rows;
    public int Inputs;
    public float* Activations;

    /// <summary>Floats from a row of <see cref="Activations"/> to the next.</summary>
    public nint RowStep;

    public float* Weights;

    /// <summary>Where the results are left: [row][32].</summary>
    public float* Sums;
}

/// <summary>One instruction set's form of the float tile.</summary>
interface IF32Kernel
{
    /// <summary>Computes as many of the tile's rows as this form takes at once, and returns how many those were.</summary>
    static abstract int Accumulate(in F32Tile tile);
}
