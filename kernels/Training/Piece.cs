using Harness.Kernels.Configuration;

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

    /// <summary>Of a mixture of experts, the most times as many, so that each expert's matrices have about as many rows at once.</summary>
    const int MostTimes = 4;

    /// <summary>Pieces of a micro-batch that each worker should find.</summary>
    const int PiecesPerWorker = 2;

    public int End => First + Rows;

    /// <summary>Rows that a piece should have.</summary>
    /// <param name="config">The model.</param>
    /// <param name="microBatchRows">Of the largest micro-batch.</param>
    /// <param name="workers">That share it.</param>
    public static int Wanted(ModelConfig config, long microBatchRows, int workers) => config.Experts is not { } experts ? UsualRows
        : (int)Math.Clamp(
            microBatchRows / (PiecesPerWorker * workers), UsualRows, UsualRows * Math.Min(MostTimes, experts.Count / experts.Active));

    /// <summary>Rows of the largest piece of sequences of so many rows.</summary>
    public static int MostRows(int rowsPerSequence, int wanted) => Math.Max(1, wanted / rowsPerSequence) * rowsPerSequence;

    /// <summary>The <paramref name="index"/>-th piece of a micro-batch, if there is one.</summary>
    public static bool TryTake(MicroBatch part, int index, int wanted, out Piece piece)
    {
        int size = MostRows(part.RowsPerSequence, wanted);
        long first = (long)index * size;
        piece = default;
        if (first >= part.Rows)
            return false;
        piece = new Piece((int)first, Math.Min(size, part.Rows - (int)first), part.RowsPerSequence, part.FirstRow + (int)first);
        return true;
    }
}
