using Harness.Kernels.Configuration;

namespace Harness.Kernels.Training;

/// <summary>Bytes that training takes, counted from shapes.</summary>
static class TrainingMemory
{
    /// <param name="config">The model.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="microBatchRows">Rows of the largest micro-batch.</param>
    /// <param name="longestSequence">Rows of the longest sequence.</param>
    /// <param name="loops">The most times that the layers are passed.</param>
    public static Int128 Bytes(ModelConfig config, int workers, long microBatchRows, int longestSequence, int loops)
    {
        int piece = Piece.MostRows(longestSequence, Piece.Wanted(config, microBatchRows, workers));
        return TrainedWeights.Bytes(config) + WeightGradients.Bytes(config, loops) + Activations.Bytes(config, microBatchRows, loops)
            + (workers * WorkerScratch.Bytes(config, piece, longestSequence));
    }
}
