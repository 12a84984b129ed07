using Harness.Kernels.Cpu;

namespace Harness.Kernels.Linear;

/// <summary>
/// Rows of float32 as <see cref="GemmF32"/> reads them fast: an odd number of cache lines apart, so that the same columns of many rows lie
/// in different sets of a cache, and with room behind the last row for reads of whole vectors.
/// </summary>
public sealed unsafe class RowBuffer : IDisposable
{
    const int Line = 16;

    readonly NativeBuffer<float> values;

    /// <summary>Zeros.</summary>
    public RowBuffer(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        Rows = rows;
        Columns = columns;
        Stride = StrideOf(columns);
        values = new NativeBuffer<float>(((long)rows * Stride) + GemmF32.ReadColumns);
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Floats from a row to the next.</summary>
    public int Stride { get; }

    public float* Data => values.Data;

    /// <summary>Bytes of such rows.</summary>
    public static Int128 Bytes(long rows, int columns) => (((Int128)rows * StrideOf(columns)) + GemmF32.ReadColumns) * sizeof(float);

    /// <summary>[<see cref="Columns"/>].</summary>
    public float* Row(int row) => values.Data + ((long)row * Stride);

    /// <summary>[<see cref="Columns"/>].</summary>
    public Span<float> RowSpan(int row) => values.Slice((long)row * Stride, Columns);

    public void Dispose() => values.Dispose();

    static int StrideOf(int columns) => (((columns + Line - 1) / Line) | 1) * Line;
}
