using Harness.Kernels.Cpu;
using Harness.Kernels.RotaryEmbedding;

namespace Harness.Kernels.Training;

/// <summary>
/// Loss and gradients of a batch: for each micro-batch, workers take sequences forward and back through the model, then sum the rows'
/// parts of the weights' gradients. Workers and micro-batches never show in a number.
/// </summary>
sealed unsafe class GradientPass : IDisposable
{
    readonly TrainedWeights weights;
    readonly WorkerPool pool;
    readonly InstructionSet form;
    readonly RotaryTable rotary;
    readonly ForwardPass forward;
    readonly BackwardPass backward;
    readonly WeightGradients gradients;
    readonly ExpertPass? experts;
    readonly Action<int> learn;
    readonly Action<int> evaluate;
    Activations? activations;
    WorkerScratch[] scratch = [];
    int longestSequence;
    int longestPiece;
    int wantedRows;
    BatchRows rows = null!;
    float[] logProbabilities = [];
    readonly int mostLoops;
    int loops;

    /// <param name="weights">The model's.</param>
    /// <param name="pool">Its workers.</param>
    /// <param name="form">Of the processor.</param>
    /// <param name="mostLoops">The most times that its layers are passed.</param>
    /// <param name="balanceLoss">Coefficient of the loss that balances experts.</param>
    public GradientPass(TrainedWeights weights, WorkerPool pool, InstructionSet form, int mostLoops = 1, double balanceLoss = 0)
    {
        this.mostLoops = mostLoops;
        this.weights = weights;
        this.pool = pool;
        this.form = form;
        rotary = new RotaryTable(weights.Config);
        experts = weights.Config.Experts is null ? null : new ExpertPass(weights.Config, form, balanceLoss);
        forward = new ForwardPass(weights, rotary, form, experts);
        backward = new BackwardPass(weights, rotary, form, experts);
        gradients = new WeightGradients(weights, form, mostLoops);
        learn = LearnOnWorker;
        evaluate = EvaluateOnWorker;
    }

    /// <summary>The label's log-probability of each row of the last batch; 0 where it counts nothing.</summary>
    public ReadOnlySpan<float> LogProbabilities => logProbabilities.AsSpan(0, rows.Rows);

    /// <summary>
    /// Of the last batch that was learnt from, how evenly experts share a sequence (<see cref="SequenceBalance"/>), the mean over layers
    /// and tokens: 1 where they share alike; 0 in a dense model.
    /// </summary>
    public double Balance => experts is null ? 0 : experts.Balance / (weights.Config.Layers * loops);

    /// <summary>Loss of a batch, and its gradient in <see cref="TrainedMatrix.Gradient"/> of every weight.</summary>
    /// <param name="batch">Its rows.</param>
    /// <param name="passes">Times that the layers are passed.</param>
    public double Learn(BatchRows batch, int passes = 1)
    {
        Run(batch, learn, passes);
        gradients.AddOthers(passes);
        return rows.Loss(logProbabilities);
    }

    /// <summary>Loss of a batch, and the log-probability of every label, whatever it counts.</summary>
    /// <param name="batch">Its rows.</param>
    /// <param name="passes">As of <see cref="Learn"/>.</param>
    public double Evaluate(BatchRows batch, int passes)
    {
        Run(batch, evaluate, passes);
        return rows.Loss(logProbabilities);
    }

    public void Dispose()
    {
        rotary.Dispose();
        gradients.Dispose();
        DisposeBuffers();
    }

    void Run(BatchRows batch, Action<int> work, int passes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(passes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(passes, mostLoops);
        (rows, loops) = (batch, passes);
        if (logProbabilities.Length < batch.Rows)
            logProbabilities = new float[batch.Rows];
        Reserve(batch);
        experts?.Begin(batch);
        pool.Run(work);
    }

    void Reserve(BatchRows batch)
    {
        wantedRows = Piece.Wanted(weights.Config, batch.LargestMicroBatch, pool.Workers);
        int piece = batch.MicroBatches.Max(part => Piece.MostRows(part.RowsPerSequence, wantedRows));
        bool fits = activations is not null && activations.Rows >= batch.LargestMicroBatch && longestSequence >= batch.LongestSequence
            && longestPiece >= piece;
        if (fits)
            return;
        int most = Math.Max(activations?.Rows ?? 0, batch.LargestMicroBatch);
        DisposeBuffers();
        longestSequence = Math.Max(longestSequence, batch.LongestSequence);
        longestPiece = Math.Max(longestPiece, piece);
        activations = new Activations(weights.Config, most, mostLoops);
        scratch = [.. Enumerable.Range(0, pool.Workers)
            .Select(_ => new WorkerScratch(weights.Config, longestPiece, longestSequence, form))];
        rotary.Reserve(longestSequence);
        gradients.Read(activations);
    }

    void LearnOnWorker(int worker)
    {
        for (int index = 0; index < rows.MicroBatches.Count; index++)
        {
            MicroBatch part = rows.MicroBatches[index];
            while (Piece.TryTake(part, pool.Claim(), wantedRows, out Piece piece))
            {
                forward.Run(piece, rows, activations!, scratch[worker], loops);
                for (int i = 0; i < piece.Rows; i++)
                    Score(piece.BatchRow + i, activations!.Logits.RowSpan(piece.First + i), scratch[worker]);
                backward.Run(piece, rows, activations!, scratch[worker], loops);
            }
            pool.Barrier();
            ReadOnlySpan<int> inputs = rows.Inputs.Slice(part.FirstRow, part.Rows), labels = rows.Labels.Slice(part.FirstRow, part.Rows);
            for (int piece = pool.Claim(); piece < gradients.Pieces; piece = pool.Claim())
                gradients.Run(piece, part.Rows, inputs, labels, index == 0, index == rows.MicroBatches.Count - 1, loops);
            pool.Barrier();
        }
    }

    void EvaluateOnWorker(int worker)
    {
        foreach (MicroBatch part in rows.MicroBatches)
        {
            while (Piece.TryTake(part, pool.Claim(), wantedRows, out Piece piece))
            {
                forward.Run(piece, rows, activations!, scratch[worker], loops);
                for (int i = 0; i < piece.Rows; i++)
                {
                    int row = piece.BatchRow + i;
                    logProbabilities[row] = rows.Labels[row] < 0
                        ? 0
                        : CrossEntropy.LogProbability(activations!.Logits.Row(piece.First + i), rows.Labels[row], scratch[worker].Sampler);
                }
            }
            pool.Barrier();
        }
    }

    void Score(int row, Span<float> logits, WorkerScratch own)
    {
        float weight = rows.Weights[row];
        logProbabilities[row] = 0;
        if (weight == 0)
        {
            logits.Clear();
            return;
        }
        fixed (float* values = logits)
        {
            logProbabilities[row] =
                CrossEntropy.Run(values, logits.Length, rows.Labels[row], (float)(weight / rows.WeightSum), own.Sampler);
        }
    }

    void DisposeBuffers()
    {
        activations?.Dispose();
        foreach (WorkerScratch own in scratch)
            own.Dispose();
    }
}
