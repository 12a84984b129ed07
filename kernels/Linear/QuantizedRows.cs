using Harness.Kernels.Cpu;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Linear;

/// <summary>
/// Activations as int8 with one scale per row and block of 64 inputs (a short last block has its own), in the layout that
/// the matrices of one instruction set read. Rows may be quantised by several threads, each its own range.
/// </summary>
public sealed unsafe class QuantizedRows : IDisposable
{
    /// <summary>Inputs that share a scale.</summary>
    public const int BlockInputs = 64;

    // Rows are stored in groups that lie together block by block, so that a register tile's rows are at constant distances:
    // values [group][block][row in group][64], scales [group][block][row in group].
    internal const int GroupRows = 8;

    readonly NativeBuffer<byte> values;
    readonly NativeBuffer<float> scales;

    /// <param name="capacity">Rows that fit.</param>
    /// <param name="inputs">Width of a row.</param>
    /// <param name="isa">The instruction set of the matrices that will multiply these rows.</param>
    public QuantizedRows(int capacity, int inputs, InstructionSet isa)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        Capacity = capacity;
        Inputs = inputs;
        Blocks = (inputs + BlockInputs - 1) / BlockInputs;
        Isa = isa;
        ValueBytes = isa == InstructionSet.AvxVnni ? sizeof(byte) : sizeof(short);
        long slots = ((long)capacity + GroupRows - 1) / GroupRows * GroupRows * Blocks;
        values = new NativeBuffer<byte>(slots * BlockInputs * ValueBytes);
        scales = new NativeBuffer<float>(slots);
    }

    public int Capacity { get; }

    public int Inputs { get; }

    public int Blocks { get; }

    public InstructionSet Isa { get; }

    // int16, or for VNNI's unsigned operand one byte that holds the value plus 128.
    internal int ValueBytes { get; }

    internal byte* Values(int row) => values.Data + Slot(row) * BlockInputs * ValueBytes;

    internal float* Scales(int row) => scales.Data + Slot(row);

    /// <summary>Quantises rows [firstRow, firstRow + rows) of <paramref name="x"/>, whose row r starts at x + r * ldx.</summary>
    /// <exception cref="HarnessException">A value is NaN or infinite.</exception>
    public void Quantize(float* x, int firstRow, int rows, int ldx)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRow + rows, Capacity);
        short* block = stackalloc short[BlockInputs];
        for (int row = firstRow; row < firstRow + rows; row++)
        {
            for (int b = 0; b < Blocks; b++)
            {
                int start = b * BlockInputs;
                int count = Math.Min(BlockInputs, Inputs - start);
                float scale = QuantizeBlock(x + (nint)row * ldx + start, count, Values(row) + (nint)b * GroupRows * BlockInputs * ValueBytes, block);
                if (float.IsNaN(scale))
                    throw Codes.WeightsNotFinite.With($"an activation of row {row}, inputs {start} to {start + count - 1}, is NaN or infinite");
                Scales(row)[b * GroupRows] = scale;
            }
        }
    }

    public void Dispose()
    {
        values.Dispose();
        scales.Dispose();
    }

    float QuantizeBlock(float* x, int count, byte* destination, short* block)
    {
        if (ValueBytes == sizeof(short))
            return Int8Rounding.Quantize(x, count, (short*)destination, Isa);
        float scale = Int8Rounding.Quantize(x, count, block, Isa);
        for (int i = 0; i < count; i++)
            destination[i] = (byte)(block[i] + LinearInt8.UnsignedBias);
        return scale;
    }

    // The slot of a row's first block; its following blocks are GroupRows slots apart.
    nint Slot(int row) => (nint)(row / GroupRows) * Blocks * GroupRows + row % GroupRows;
}
