using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Harness.Kernels.Cpu;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Linear;

/// <summary>Fills <paramref name="rows"/> with whole rows of a matrix, row-major, the first of them <paramref name="firstRow"/>.</summary>
public delegate void RowReader(int firstRow, Span<float> rows);

/// <summary>
/// A weight matrix [outputs, inputs] as int8 with one scale per output: scale = max|w| / 127, q = w / scale rounded to even.
/// One byte a weight, packed in tiles of 32 outputs: [tile][group of 4 inputs][output in tile][input in group].
/// </summary>
public sealed unsafe class Int8Matrix : IDisposable
{
    // Adjacent inputs whose products end in one int32 lane.
    internal const int GroupInputs = 4;

    readonly NativeBuffer<sbyte> weights;
    readonly NativeBuffer<float> scales;
    readonly NativeBuffer<int> offsets;

    /// <summary>Zero weights; <see cref="QuantizeRange"/> fills them, possibly by several threads.</summary>
    public Int8Matrix(int outputs, int inputs, InstructionSet isa)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        Outputs = outputs;
        Inputs = inputs;
        Isa = isa;
        long tiles = ((long)outputs + LinearInt8.OutputTile - 1) / LinearInt8.OutputTile;
        weights = new NativeBuffer<sbyte>(tiles * TileBytes);
        scales = new NativeBuffer<float>(tiles * LinearInt8.OutputTile);
        offsets = new NativeBuffer<int>(isa == InstructionSet.AvxVnni ? tiles * TileOffsets : 0);
    }

    public int Outputs { get; }

    public int Inputs { get; }

    /// <summary>The instruction set whose form multiplies by this matrix.</summary>
    public InstructionSet Isa { get; }

    int Groups => (Inputs + GroupInputs - 1) / GroupInputs;

    int Blocks => (Inputs + QuantizedRows.BlockInputs - 1) / QuantizedRows.BlockInputs;

    long TileBytes => (long)Groups * GroupInputs * LinearInt8.OutputTile;

    long TileOffsets => (long)Blocks * LinearInt8.OutputTile;

    /// <summary>Bytes of such a matrix: weights, scales and, for VNNI, offsets.</summary>
    public static Int128 Bytes(int outputs, int inputs, InstructionSet isa)
    {
        long groups = ((long)inputs + GroupInputs - 1) / GroupInputs;
        long blocks = isa == InstructionSet.AvxVnni ? ((long)inputs + QuantizedRows.BlockInputs - 1) / QuantizedRows.BlockInputs : 0;
        long tiles = ((long)outputs + LinearInt8.OutputTile - 1) / LinearInt8.OutputTile;
        return (Int128)tiles * LinearInt8.OutputTile * ((groups * GroupInputs) + sizeof(float) + (blocks * sizeof(int)));
    }

    /// <summary>The whole matrix from its rows, read in ascending order.</summary>
    /// <exception cref="HarnessException">A weight is NaN or infinite.</exception>
    public static Int8Matrix Quantize(int outputs, int inputs, RowReader reader, InstructionSet isa)
    {
        Int8Matrix matrix = new(outputs, inputs, isa);
        matrix.QuantizeRange(0, outputs, reader);
        return matrix;
    }

    /// <summary>Quantises rows [firstRow, firstRow + rows).</summary>
    /// <param name="firstRow">A multiple of <see cref="LinearInt8.OutputTile"/>.</param>
    /// <exception cref="HarnessException">A weight is NaN or infinite.</exception>
    public void QuantizeRange(int firstRow, int rows, RowReader reader)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(firstRow % LinearInt8.OutputTile, 0);
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow + rows, Outputs);
        using NativeBuffer<float> tile = new((long)LinearInt8.OutputTile * Inputs);
        long padded = (long)Groups * GroupInputs + Vector256<sbyte>.Count;
        using NativeBuffer<short> rounded = new(padded);
        using NativeBuffer<sbyte> narrow = new(padded);
        for (int row = firstRow; row < firstRow + rows; row += LinearInt8.OutputTile)
        {
            int count = Math.Min(LinearInt8.OutputTile, firstRow + rows - row);
            reader(row, tile.Slice(0, checked(count * Inputs)));
            for (int i = 0; i < count; i++)
                QuantizeRow(tile.Data + (nint)i * Inputs, row + i, rounded.Data, narrow.Data);
        }
    }

    /// <summary>The int8 weights of one output, unpacked.</summary>
    public void ReadRow(int output, Span<sbyte> row)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(row.Length, Inputs);
        sbyte* packed = Tile(output) + output % LinearInt8.OutputTile * GroupInputs;
        for (int k = 0; k < Inputs; k++)
            row[k] = packed[(nint)(k / GroupInputs) * GroupInputs * LinearInt8.OutputTile + k % GroupInputs];
    }

    /// <summary>What an output's int8 weights are multiplied by.</summary>
    public float Scale(int output) => scales.Span[output];

    public void Dispose()
    {
        weights.Dispose();
        scales.Dispose();
        offsets.Dispose();
    }

    /// <summary>The packed tile that holds <paramref name="output"/>.</summary>
    internal sbyte* Tile(int output) => weights.Data + output / LinearInt8.OutputTile * TileBytes;

    internal float* TileScales(int output) => scales.Data + output / LinearInt8.OutputTile * LinearInt8.OutputTile;

    /// <summary>For VNNI, [block][output in tile]: -128 times the block's sum of weights, which undoes the bias of activations.</summary>
    internal int* Offsets(int output) => offsets.Data + output / LinearInt8.OutputTile * TileOffsets;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void QuantizeRow(float* row, int output, short* rounded, sbyte* narrow)
    {
        float scale = Int8Rounding.Scale(row, Inputs, Isa);
        if (float.IsNaN(scale))
            throw KernelCodes.WeightsNotFinite.With($"a weight of row {output} of a {Outputs} x {Inputs} matrix is NaN or infinite");
        scales.Data[output] = scale;
        Int8Rounding.Round(row, Inputs, scale, rounded, Isa);
        int lane = output % LinearInt8.OutputTile;
        if (offsets.Length > 0)
            SumBlocks(rounded, Offsets(output) + lane);
        Narrow(rounded, Groups * GroupInputs, narrow);
        int* packed = (int*)Tile(output) + lane;
        for (int g = 0; g < Groups; g++)
            packed[(nint)g * LinearInt8.OutputTile] = ((int*)narrow)[g];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void SumBlocks(short* rounded, int* laneOffsets)
    {
        for (int b = 0; b < Blocks; b++)
        {
            int sum = 0;
            for (int k = b * QuantizedRows.BlockInputs; k < Math.Min(Inputs, (b + 1) * QuantizedRows.BlockInputs); k++)
                sum += rounded[k];
            laneOffsets[b * LinearInt8.OutputTile] = -LinearInt8.UnsignedBias * sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Narrow(short* rounded, int count, sbyte* narrow)
    {
        for (int i = 0; i < count; i += Vector256<sbyte>.Count)
            Vector256.Narrow(Vector256.Load(rounded + i), Vector256.Load(rounded + i + Vector256<short>.Count)).Store(narrow + i);
    }
}
