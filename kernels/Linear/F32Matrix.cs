using System.Runtime.CompilerServices;
using Harness.Kernels.Cpu;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Linear;

/// <summary>A weight matrix [outputs, inputs] in float32, packed in tiles of 32 outputs: [tile][input][output in tile].</summary>
public sealed unsafe class F32Matrix : IDisposable
{
    readonly NativeBuffer<float> weights;

    /// <summary>Zero weights; <see cref="PackRange"/> fills them, possibly by several threads.</summary>
    public F32Matrix(int outputs, int inputs, InstructionSet isa)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        Outputs = outputs;
        Inputs = inputs;
        Isa = isa;
        long tiles = ((long)outputs + LinearF32.OutputTile - 1) / LinearF32.OutputTile;
        weights = new NativeBuffer<float>(tiles * LinearF32.OutputTile * inputs);
    }

    public int Outputs { get; }

    public int Inputs { get; }

    /// <summary>The instruction set whose form multiplies by this matrix.</summary>
    public InstructionSet Isa { get; }

    /// <summary>Bytes of such a matrix.</summary>
    public static Int128 Bytes(int outputs, int inputs) =>
        (Int128)(((long)outputs + LinearF32.OutputTile - 1) / LinearF32.OutputTile * LinearF32.OutputTile) * inputs * sizeof(float);

    /// <summary>The whole matrix from its rows, read in ascending order.</summary>
    /// <exception cref="HarnessException">A weight is NaN or infinite.</exception>
    public static F32Matrix Pack(int outputs, int inputs, RowReader reader, InstructionSet isa)
    {
        F32Matrix matrix = new(outputs, inputs, isa);
        matrix.PackRange(0, outputs, reader);
        return matrix;
    }

    /// <summary>Packs rows [firstRow, firstRow + rows).</summary>
    /// <param name="firstRow">A multiple of <see cref="LinearF32.OutputTile"/>.</param>
    /// <exception cref="HarnessException">A weight is NaN or infinite.</exception>
    public void PackRange(int firstRow, int rows, RowReader reader)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNotEqual(firstRow % LinearF32.OutputTile, 0);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow + rows, Outputs);
        using NativeBuffer<float> tile = new((long)LinearF32.OutputTile * Inputs);
        for (int row = firstRow; row < firstRow + rows; row += LinearF32.OutputTile)
        {
            int count = Math.Min(LinearF32.OutputTile, firstRow + rows - row);
            reader(row, tile.Slice(0, checked(count * Inputs)));
            PackTile(tile.Data, row, count);
        }
    }

    /// <summary>The weights of one output, unpacked.</summary>
    public void ReadRow(int output, Span<float> row)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(row.Length, Inputs);
        float* packed = Tile(output) + output % LinearF32.OutputTile;
        for (int k = 0; k < Inputs; k++)
            row[k] = packed[(nint)k * LinearF32.OutputTile];
    }

    public void Dispose() => weights.Dispose();

    /// <summary>The packed tile that holds <paramref name="output"/>.</summary>
    internal float* Tile(int output) => weights.Data + (nint)(output / LinearF32.OutputTile) * LinearF32.OutputTile * Inputs;

    // Block by block of inputs, so that the lines that 32 rows share stay in the nearest cache.
    void PackTile(float* rows, int firstOutput, int count)
    {
        for (int start = 0; start < Inputs; start += LinearF32.BlockInputs)
        {
            int inputs = Math.Min(LinearF32.BlockInputs, Inputs - start);
            for (int i = 0; i < count; i++)
            {
                if (!PackRun(rows + (nint)i * Inputs + start, inputs, Tile(firstOutput) + (nint)start * LinearF32.OutputTile + i))
                    throw KernelCodes.WeightsNotFinite.With(
                        $"a weight of row {firstOutput + i} of {Outputs} x {Inputs} is NaN or infinite");
            }
        }
    }

    /// <summary>Whether all were finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static bool PackRun(float* run, int count, float* packed)
    {
        bool finite = true;
        for (int k = 0; k < count; k++)
        {
            finite &= float.IsFinite(run[k]);
            packed[k * LinearF32.OutputTile] = run[k];
        }
        return finite;
    }
}
