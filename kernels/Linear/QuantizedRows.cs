using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
    // values [group][block][row in group][RowBytes], scales and corrections [group][block][row in group].
    internal const int GroupRows = 8;

    readonly NativeBuffer<byte> values;
    readonly NativeBuffer<float> scales;
    readonly NativeBuffer<int> corrections;

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
        RowBytes = isa == InstructionSet.AvxVnni ? BlockInputs : SignedByteBlock.Bytes;
        long slots = ((long)capacity + GroupRows - 1) / GroupRows * GroupRows * Blocks;
        values = new NativeBuffer<byte>(slots * RowBytes);
        scales = new NativeBuffer<float>(slots);
        corrections = new NativeBuffer<int>(slots);
    }

    /// <summary>Bytes of such rows: values, and a scale and a correction a block.</summary>
    public static Int128 Bytes(int capacity, int inputs, InstructionSet isa)
    {
        long slotBytes = (isa == InstructionSet.AvxVnni ? BlockInputs : SignedByteBlock.Bytes) + sizeof(float) + sizeof(int);
        return (Int128)(
            ((long)capacity + GroupRows - 1) / GroupRows * GroupRows) * (((long)inputs + BlockInputs - 1) / BlockInputs) * slotBytes;
    }

    public int Capacity { get; }

    public int Inputs { get; }

    public int Blocks { get; }

    public InstructionSet Isa { get; }

    // A block of a row: a SignedByteBlock, or for VNNI's unsigned operand 64 bytes that hold the values plus 128.
    internal int RowBytes { get; }

    internal byte* Values(int row) => values.Data + Slot(row) * RowBytes;

    internal float* Scales(int row) => scales.Data + Slot(row);

    internal int* Corrections(int row) => corrections.Data + Slot(row);

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
            ScaleBlocks(x + (nint)row * ldx, row);
            RoundBlocks(x + (nint)row * ldx, row, block);
        }
    }

    public void Dispose()
    {
        values.Dispose();
        scales.Dispose();
        corrections.Dispose();
    }

    // All scales of a row before its values: within a block one waits for the other, between blocks nothing waits.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void ScaleBlocks(float* row, int index)
    {
        float* blockScales = Scales(index);
        for (int start = 0; start < Inputs; start += BlockInputs, blockScales += GroupRows)
        {
            int count = Math.Min(BlockInputs, Inputs - start);
            *blockScales = Int8Rounding.Scale(row + start, count, Isa);
            if (float.IsNaN(*blockScales))
                throw KernelCodes.WeightsNotFinite.With(
                    $"an activation of row {index}, inputs {start}..{start + count - 1}, is NaN or infinite");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void RoundBlocks(float* row, int index, short* block)
    {
        bool bySteps = Isa is InstructionSet.Avx2 or InstructionSet.Avx512;
        nint slot = Slot(index);
        for (int start = 0; start < Inputs; start += BlockInputs, slot += GroupRows)
        {
            int count = Math.Min(BlockInputs, Inputs - start);
            float scale = scales.Data[slot];
            byte* destination = values.Data + slot * RowBytes;
            if (bySteps && count % SignedByteBlockAvx2.Step == 0
                && SignedByteBlockAvx2.TryRound(row + start, count, scale, destination, out corrections.Data[slot]))
                continue;
            Int8Rounding.Round(row + start, count, scale, block, Isa);
            new Span<short>(block + count, BlockInputs - count).Clear();
            if (Isa == InstructionSet.AvxVnni)
                StoreBiased(block, destination);
            else
                corrections.Data[slot] = SignedByteBlock.Store(block, destination, Isa);
        }
    }

    static void StoreBiased(short* block, byte* destination)
    {
        Vector256<short> bias = Vector256.Create((short)LinearInt8.UnsignedBias);
        for (int i = 0; i < BlockInputs; i += Vector256<byte>.Count)
        {
            Vector256<short> low = Vector256.Load(block + i) + bias, high = Vector256.Load(block + i + Vector256<short>.Count) + bias;
            Vector256.Narrow(low.AsUInt16(), high.AsUInt16()).Store(destination + i);
        }
    }

    // The slot of a row's first block; its following blocks are GroupRows slots apart.
    nint Slot(int row) => (nint)(row / GroupRows) * Blocks * GroupRows + row % GroupRows;
}
