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

    /// <summary>The whole matrix from its rows, read in ascending order.</summary>
    /// <exception cref="HarnessException">A weight is NaN or infinite.</exception>
    public static F32Matrix Pack(int outputs, int inputs, RowReader reader, InstructionSet isa)
    {
        F32Matrix matrix = new(outputs, inputs, isa);
        matrix.PackRange(0, outputs, reader);
        return matrix;
    }

    /// <summary>Packs rows [firstRow, firstRow + rows); <paramref name="firstRow"/> is a multiple of <see cref="LinearF32.OutputTile"/>.</summary>
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
            for (int i = 0; i < count; i++)
                PackRow(tile.Data + (nint)i * Inputs, row + i);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void PackRow(float* row, int output)
    {
        float* packed = Tile(output) + output % LinearF32.OutputTile;
        bool finite = true;
        for (int k = 0; k < Inputs; k++)
        {
            finite &= float.IsFinite(row[k]);
            packed[(nint)k * LinearF32.OutputTile] = row[k];
        }
        if (!finite)
            throw Codes.WeightsNotFinite.With($"a weight of row {output} of a {Outputs} x {Inputs} matrix is NaN or infinite");
    }
}
