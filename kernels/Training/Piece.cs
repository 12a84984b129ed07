namespace Harness.Kernels.Training;

/// <summary>Whole sequences of a micro-batch that one worker takes through the model.</summary>
/// <param name="First">First row, in the micro-batch.</param>
/// <param name="Rows">Rows, padding among them.</param>
/// <param name="RowsPerSequence">Of each sequence.</param>
/// <param name="BatchRow">First row, in the batch.</param>
readonly record struct Piece(int First, int Rows, int RowsPerSequence, int BatchRow)
{
    /// <summary>Rows that pass a worker's matrices together, where sequences are shorter.</summary>
    const int UsualRows = 64;

    public int End => First + Rows;

    /// <summary>Rows of the largest piece of sequences of so many rows.</summary>
    public static int MostRows(int rowsPerSequence) => Math.Max(1, UsualRows / rowsPerSequence) * rowsPerSequence;

    /// <summary>The <paramref name="index"/>-th piece of a micro-batch, if there is one.</summary>
    public static bool TryTake(MicroBatch part, int index, out Piece piece)
    {
        int size = MostRows(part.RowsPerSequence);
        long first = (long)index * size;
        piece = default;
        if (first >= part.Rows)
            return false;
        piece = new Piece((int)first, Math.Min(size, part.Rows - (int)first), part.RowsPerSequence, part.FirstRow + (int)first);
        return true;
    }
}
