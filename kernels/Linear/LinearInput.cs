using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;

namespace Harness.Kernels.Linear;

/// <summary>
/// Rows that linear layers read: float32 values, and for w8a8 their int8 form. A producer writes <see cref="Values"/> and then calls
/// <see cref="Prepare"/> for its rows.
/// </summary>
public sealed unsafe class LinearInput(int rows, int width, Precision precision, InstructionSet instructionSet) : IDisposable
{
    readonly NativeBuffer<float> values = new((long)rows * width);

    internal QuantizedRows? Quantized { get; } = precision.IsInt8OnCpu() ? new QuantizedRows(rows, width, instructionSet) : null;

    public int Width => width;

    /// <summary>Bytes of such rows, in both forms.</summary>
    public static Int128 Bytes(int rows, int width, Precision precision, InstructionSet instructionSet) =>
        ((Int128)rows * width * sizeof(float)) + (precision.IsInt8OnCpu() ? QuantizedRows.Bytes(rows, width, instructionSet) : 0);

    /// <summary>[rows, width].</summary>
    public float* Values => values.Data;

    public float* Row(int row) => values.Data + ((long)row * width);

    /// <summary>Makes rows ready for <see cref="Projection.Run"/>.</summary>
    public void Prepare(int firstRow, int rows) => Quantized?.Quantize(values.Data, firstRow, rows, width);

    public void Dispose()
    {
        values.Dispose();
        Quantized?.Dispose();
    }
}
