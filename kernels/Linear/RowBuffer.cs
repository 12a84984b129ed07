using Harness.Kernels.Cpu;

namespace Harness.Kernels.Linear;

/// <summary>
/// Rows of float32 as <see cref="GemmF32"/> reads them fast: at cache lines, never a multiple of four of them apart, so that the same
/// columns of many rows lie in different sets of a cache, and with room behind the last row for reads of whole vectors.
/// </summary>
public sealed unsafe class RowBuffer : IDisposable
{
    const int Line = 16;
    const int CrowdingLines = 4;

    readonly NativeBuffer<float>? own;
    readonly float* values;

    /// <summary>Zeros in memory of their own.</summary>
    public RowBuffer(int rows, int columns)
        : this(rows, columns, null)
    {
    }

    /// <summary>Zeros in memory that buffers share, which must outlive this one.</summary>
    public RowBuffer(int rows, int columns, RowMemory? shared)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        Rows = rows;
        Columns = columns;
        Stride = StrideOf(columns);
        long length = LengthOf(rows, columns);
        own = shared is null ? new NativeBuffer<float>(length) : null;
        values = shared is null ? own!.Data : shared.Take(length);
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Floats from a row to the next.</summary>
    public int Stride { get; }

    public float* Data => values;

    /// <summary>Bytes of such rows.</summary>
    public static Int128 Bytes(long rows, int columns) => (Int128)LengthOf(rows, columns) * sizeof(float);

    /// <summary>[<see cref="Columns"/>].</summary>
    public float* Row(int row) => values + ((long)row * Stride);

    /// <summary>[<see cref="Columns"/>].</summary>
    public Span<float> RowSpan(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows);
        return new Span<float>(Row(row), Columns);
    }

    public void Dispose() => own?.Dispose();

    static long LengthOf(long rows, int columns) => (rows * StrideOf(columns)) + GemmF32.ReadColumns;

    static int StrideOf(int columns)
    {
        int lines = (columns + Line - 1) / Line;
        return (lines % CrowdingLines == 0 ? lines + 1 : lines) * Line;
    }
}
