using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Training;

/// <summary>
/// Trains a model of the llama shape on the CPU in exact float32: the weights after any number of steps are the same bytes at every
/// thread count, instruction set and micro-batch size, and a label's log-probability is to the bit what float32 inference gives with
/// these weights.
/// </summary>
public sealed class CpuTrainer : ITrainer
{
    /// <summary>Rows of which activations and weights together stay near the processor.</summary>
    const int UsualMicroBatch = 1024;

    /// <summary>Rows of a matrix that are updated together: a cache line of the transposed weights.</summary>
    const int RowsPerUpdate = 16;

    readonly TrainedWeights weights;
    readonly WorkerPool pool;
    readonly GradientPass pass;
    readonly AdamWSettings settings;
    readonly int microBatchTokens;
    readonly long budget;
    readonly (ParameterTensor Tensor, int First)[] updates;

    CpuTrainer(TrainedWeights weights, AdamWSettings settings, TrainingPlacement placement, int loops, double balanceLoss)
    {
        MostLoops = loops;
        this.weights = weights;
        this.settings = settings;
        if (placement.Threads < 0 || placement.MicroBatchTokens < 0 || placement.MemoryBytes < 0)
            throw KernelCodes.BadPlacement.With(
                $"Threads, MicroBatchTokens and Memory are not negative: {placement.Threads}, {placement.MicroBatchTokens},"
                + $" {placement.MemoryBytes}");
        InstructionSet form = InstructionSets.Choose(placement.Isa, Precision.F32);
        microBatchTokens = placement.MicroBatchTokens;
        budget = FreeMemory.Budget(placement.MemoryBytes);
        pool = new WorkerPool(placement.Workers);
        pass = new GradientPass(weights, pool, form, loops, balanceLoss);
        updates = [.. weights.Tensors.SelectMany(
            tensor => Enumerable.Range(0, (tensor.Rows + RowsPerUpdate - 1) / RowsPerUpdate).Select(i => (tensor, i * RowsPerUpdate)))];
        Checkpoint = new TrainedCheckpoint(weights);
    }

    public ModelConfig Config => weights.Config;

    /// <inheritdoc/>
    public int MostLoops { get; }

    /// <inheritdoc/>
    public long Steps { get; private set; }

    /// <inheritdoc/>
    public Checkpoint Checkpoint { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<float> LogProbabilities => pass.LogProbabilities;

    /// <summary>A new model.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="initial">Its first weights.</param>
    /// <param name="settings">Of AdamW.</param>
    /// <param name="placement">Where it is trained.</param>
    /// <param name="loops">The most times that the layers are passed.</param>
    /// <param name="balanceLoss">
    /// Of a mixture of experts: what <see cref="StepResult.Balance"/>, summed over layers, is multiplied by before it is added to the loss.
    /// </param>
    /// <exception cref="HarnessException">
    /// The model can't be trained, its sizes contradict each other, or it does not fit the memory.
    /// </exception>
    public static CpuTrainer Create(
        ModelConfig config, InitialWeights initial, AdamWSettings settings, TrainingPlacement placement, int loops = 1,
        double balanceLoss = 0) => Create(config, settings, placement, initial.Fill, loops, balanceLoss);

    /// <summary>Goes on from a model's weights, without moments, at step 0.</summary>
    /// <exception cref="HarnessException">As of the other form.</exception>
    public static CpuTrainer Create(
        Checkpoint checkpoint, AdamWSettings settings, TrainingPlacement placement, int loops = 1, double balanceLoss = 0) =>
        Create(checkpoint.Config, settings, placement, weights => weights.ReadFrom(checkpoint), loops, balanceLoss);

    /// <summary>Goes on from a model's weights with layers on top of its own, without moments, at step 0.</summary>
    /// <exception cref="HarnessException">As of the other forms.</exception>
    public static CpuTrainer Create(
        Checkpoint checkpoint, AddedLayers added, AdamWSettings settings, TrainingPlacement placement, int loops = 1,
        double balanceLoss = 0) => Create(
            added.On(checkpoint.Config), settings, placement, weights => added.Fill(weights, checkpoint), loops, balanceLoss);

    /// <summary>Bytes that a training takes.</summary>
    /// <param name="config">The model.</param>
    /// <param name="batch">The largest batch.</param>
    /// <param name="placement">Threads and micro-batches.</param>
    /// <param name="loops">The most times that the layers are passed.</param>
    public static Int128 MemoryBytes(ModelConfig config, TrainingBatch batch, TrainingPlacement placement, int loops = 1)
    {
        var rows = new BatchRows(batch, config, MicroBatchRows(placement.MicroBatchTokens));
        return TrainingMemory.Bytes(config, placement.Workers, rows.LargestMicroBatch, rows.LongestSequence, loops);
    }

    /// <inheritdoc/>
    public StepResult Step(TrainingBatch batch, double learningRate, int loops = 1)
    {
        double loss = pass.Learn(RowsOf(batch), loops);
        StepResult result = StepResult.OfFinite(Steps + 1, loss, GradientNorm.Of(weights), pass.Balance);
        Steps++;
        var update = new AdamW(settings, Steps, learningRate, result.GradientNorm);
        pool.Run(_ => Update(update));
        return result;
    }

    /// <inheritdoc/>
    public double Evaluate(TrainingBatch batch, int loops = 1) => pass.Evaluate(RowsOf(batch), loops);

    /// <inheritdoc/>
    public string WeightsHash() => weights.Hash();

    /// <inheritdoc/>
    public void Save(string path, string run) => TrainingState.Write(path, weights, Steps, run);

    /// <inheritdoc/>
    public void Resume(string path, string run) => Steps = TrainingState.Read(path, weights, run);

    public void Dispose()
    {
        pool.Dispose();
        pass.Dispose();
        weights.Dispose();
        Checkpoint.Dispose();
    }

    static CpuTrainer Create(
        ModelConfig config, AdamWSettings settings, TrainingPlacement placement, Action<TrainedWeights> fill, int loops,
        double balanceLoss)
    {
        TrainedWeights.RequireTrainable(config);
        long budget = FreeMemory.Budget(placement.MemoryBytes);
        if (TrainedWeights.Bytes(config) + WeightGradients.Bytes(config, loops) is var bytes && bytes > budget)
            throw KernelCodes.MemoryBudget.With(
                $"memory of {budget:N0} bytes is too small: weights, gradients and moments take {bytes:N0}");
        var weights = new TrainedWeights(config);
        try
        {
            fill(weights);
            return new CpuTrainer(weights, settings, placement, loops, balanceLoss);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    static int MicroBatchRows(int tokens) => tokens > 0 ? tokens : UsualMicroBatch;

    BatchRows RowsOf(TrainingBatch batch)
    {
        var rows = new BatchRows(batch, Config, MicroBatchRows(microBatchTokens));
        Int128 bytes = TrainingMemory.Bytes(Config, pool.Workers, rows.LargestMicroBatch, rows.LongestSequence, MostLoops);
        return bytes <= budget
            ? rows
            : throw KernelCodes.MemoryBudget.With(
                $"memory of {budget:N0} bytes is too small: micro-batches of {rows.LargestMicroBatch:N0} tokens"
                + $" take {bytes:N0} with the model");
    }

    void Update(AdamW update)
    {
        for (int i = pool.Claim(); i < updates.Length; i = pool.Claim())
        {
            (ParameterTensor tensor, int first) = updates[i];
            int end = Math.Min(first + RowsPerUpdate, tensor.Rows);
            update.Update(tensor, first, end);
            tensor.Matrix.Transpose(tensor.FirstRow + first, tensor.FirstRow + end);
        }
    }
}
