using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Training.Device;

/// <summary>
/// <see cref="CpuTrainer"/> on a GPU, bit for bit: weights, moments and gradients stay in its memory, and the host has a mirror of weights
/// and moments that is brought up to date when it is read.
/// </summary>
public sealed class CudaTrainer : ITrainer
{
    /// <summary>Rows that keep a large GPU busy; fewer where the memory is small.</summary>
    const int UsualMicroBatch = 8192;

    /// <summary>A micro-batch ends on blocks of so many.</summary>
    const int LeastMicroBatch = 64;

    /// <summary>The modules whose kernels a step starts, the ones that take a driver longest first.</summary>
    static readonly string[] Modules =
    [
        "LinearF32", "SequenceAttentionBackward", "GemmF32", "SequenceAttention", "CrossEntropy", "RmsNorm", "RmsNormBackward", "RowSums",
        "GradientNorm", "AdamW", "SwiGluHalves", "RotarySequence", "EmbeddingBackward", "Embedding", "VectorSum",
    ];

    /// <summary>Of a mixture of experts, those beside <see cref="Modules"/>.</summary>
    static readonly string[] ExpertModules =
        ["LinearF32Experts", "GemmF32Experts", "Router", "RouterBackward", "ExpertMixBackward", "SequenceBalance", "ExpertGradients"];

    readonly IKernelDevice device;
    readonly bool ownsDevice;
    readonly TrainedWeights mirror;
    readonly DeviceWeights weights;
    readonly DeviceGradientPass pass;
    readonly AdamWSettings settings;
    readonly int microBatchTokens;
    readonly long budget;
    bool weightsAreOld, momentsAreOld;

    CudaTrainer(
        IKernelDevice device, bool ownsDevice, TrainedWeights mirror, AdamWSettings settings, TrainingPlacement placement, int loops,
        double balanceLoss)
    {
        this.device = device;
        this.ownsDevice = ownsDevice;
        this.mirror = mirror;
        this.settings = settings;
        MostLoops = loops;
        microBatchTokens = placement.MicroBatchTokens;
        budget = BudgetOn(device, placement);
        weights = new DeviceWeights(device, mirror, loops);
        pass = new DeviceGradientPass(device, mirror, weights, loops, balanceLoss);
        Checkpoint = new TrainedCheckpoint(mirror, RefreshWeights);
        weights.Upload();
    }

    public ModelConfig Config => mirror.Config;

    /// <inheritdoc/>
    public int MostLoops { get; }

    /// <inheritdoc/>
    public long Steps { get; private set; }

    /// <inheritdoc/>
    public Checkpoint Checkpoint { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<float> LogProbabilities => pass.LogProbabilities;

    /// <summary>A new model. The device stays the caller's, unless <paramref name="ownsDevice"/>.</summary>
    /// <param name="device">Where it is trained.</param>
    /// <param name="config">Its shape.</param>
    /// <param name="initial">Its first weights.</param>
    /// <param name="settings">Of AdamW.</param>
    /// <param name="placement">Micro-batches and memory.</param>
    /// <param name="loops">The most times that the layers are passed.</param>
    /// <param name="balanceLoss">
    /// Of a mixture of experts: what <see cref="StepResult.Balance"/>, summed over layers, is multiplied by before it is added to the loss.
    /// </param>
    /// <param name="ownsDevice">Whether the device is disposed with the trainer.</param>
    /// <exception cref="HarnessException">
    /// The model can't be trained, its sizes contradict each other, or it does not fit the device's memory.
    /// </exception>
    public static CudaTrainer Create(
        IKernelDevice device, ModelConfig config, InitialWeights initial, AdamWSettings settings, TrainingPlacement placement,
        int loops = 1, double balanceLoss = 0, bool ownsDevice = false) =>
        Create(device, config, settings, placement, initial.Fill, loops, balanceLoss, ownsDevice);

    /// <summary>Goes on from a model's weights, without moments, at step 0.</summary>
    /// <exception cref="HarnessException">As of the other form.</exception>
    public static CudaTrainer Create(
        IKernelDevice device, Checkpoint checkpoint, AdamWSettings settings, TrainingPlacement placement, int loops = 1,
        double balanceLoss = 0, bool ownsDevice = false) => Create(
            device, checkpoint.Config, settings, placement, weights => weights.ReadFrom(checkpoint), loops, balanceLoss, ownsDevice);

    /// <summary>Goes on from a model's weights with layers on top of its own, without moments, at step 0.</summary>
    /// <exception cref="HarnessException">As of the other forms.</exception>
    public static CudaTrainer Create(
        IKernelDevice device, Checkpoint checkpoint, AddedLayers added, AdamWSettings settings, TrainingPlacement placement,
        int loops = 1, double balanceLoss = 0, bool ownsDevice = false) => Create(
            device, added.On(checkpoint.Config), settings, placement, weights => added.Fill(weights, checkpoint), loops, balanceLoss,
            ownsDevice);

    /// <summary>Bytes of a device's memory that a training takes where there is enough.</summary>
    /// <param name="device">What it says of itself.</param>
    /// <param name="config">The model.</param>
    /// <param name="batch">The largest batch.</param>
    /// <param name="placement">Micro-batches.</param>
    /// <param name="loops">The most times that the layers are passed.</param>
    public static Int128 MemoryBytes(
        DeviceFacts device, ModelConfig config, TrainingBatch batch, TrainingPlacement placement, int loops = 1)
    {
        int tokens = placement.MicroBatchTokens > 0 ? placement.MicroBatchTokens : UsualMicroBatch;
        return Bytes(device, config, DeviceNeed.Of(new BatchRows(batch, config, tokens)), loops);
    }

    /// <inheritdoc/>
    public StepResult Step(TrainingBatch batch, double learningRate, int loops = 1)
    {
        double loss = pass.Learn(RowsOf(batch), loops);
        StepResult result = StepResult.OfFinite(Steps + 1, loss, pass.GradientNorm(), pass.Balance(loops));
        Steps++;
        weights.Update(new AdamWFactors(settings, Steps, learningRate, result.GradientNorm));
        weightsAreOld = momentsAreOld = true;
        return result;
    }

    /// <inheritdoc/>
    public double Evaluate(TrainingBatch batch, int loops = 1) => pass.Evaluate(RowsOf(batch), loops);

    /// <inheritdoc/>
    public string WeightsHash() => Checkpoint.ContentHash;

    /// <inheritdoc/>
    public void Save(string path, string run)
    {
        RefreshWeights();
        if (momentsAreOld)
            weights.DownloadMoments();
        momentsAreOld = false;
        TrainingState.Write(path, mirror, Steps, run);
    }

    /// <inheritdoc/>
    public void Resume(string path, string run)
    {
        Steps = TrainingState.Read(path, mirror, run);
        weights.Upload();
        weightsAreOld = momentsAreOld = false;
    }

    public void Dispose()
    {
        pass.Dispose();
        weights.Dispose();
        mirror.Dispose();
        Checkpoint.Dispose();
        if (ownsDevice)
            device.Dispose();
    }

    static CudaTrainer Create(
        IKernelDevice device, ModelConfig config, AdamWSettings settings, TrainingPlacement placement, Action<TrainedWeights> fill,
        int loops, double balanceLoss, bool ownsDevice)
    {
        TrainedWeights? mirror = null;
        try
        {
            Require(device, TrainedWeights.RequireTrainable(config), placement, loops);
            device.Prepare(config.Experts is null ? Modules : Modules.Concat(ExpertModules));
            mirror = new TrainedWeights(config, isMirror: true);
            fill(mirror);
            return new CudaTrainer(device, ownsDevice, mirror, settings, placement, loops, balanceLoss);
        }
        catch
        {
            mirror?.Dispose();
            if (ownsDevice)
                device.Dispose();
            throw;
        }
    }

    static void Require(IKernelDevice device, ModelConfig config, TrainingPlacement placement, int loops)
    {
        if (placement.MicroBatchTokens < 0 || placement.MemoryBytes < 0)
            throw KernelCodes.BadPlacement.With(
                $"MicroBatchTokens and Memory are not negative: {placement.MicroBatchTokens}, {placement.MemoryBytes}");
        Int128 bytes = DeviceWeights.Bytes(config, loops), budget = BudgetOn(device, placement);
        if (bytes > budget)
            throw KernelCodes.MemoryBudget.With(
                $"weights, gradients and moments take {bytes:N0} bytes on {device.Facts.Name}, and {budget:N0} of"
                + $" {device.Facts.TotalBytes:N0} may be used");
    }

    /// <summary>Bytes that a placement may use: those that it states, as far as they are free, else all that are.</summary>
    static long BudgetOn(IKernelDevice device, TrainingPlacement placement) =>
        placement.MemoryBytes > 0 ? Math.Min(placement.MemoryBytes, device.FreeBytes) : device.FreeBytes;

    static Int128 Bytes(DeviceFacts device, ModelConfig config, DeviceNeed need, int loops) =>
        DeviceWeights.Bytes(config, loops) + DeviceActivations.Bytes(config, need, loops, device.Multiprocessors);

    /// <summary>A batch's rows in micro-batches that there is room for, which is made.</summary>
    BatchRows RowsOf(TrainingBatch batch)
    {
        for (int tokens = microBatchTokens > 0 ? microBatchTokens : UsualMicroBatch; ; tokens /= 2)
        {
            var rows = new BatchRows(batch, Config, tokens);
            DeviceNeed need = DeviceNeed.Of(rows), either = pass.Reserved.Max(need);
            Int128 bytes = Bytes(device.Facts, Config, need, MostLoops);
            if (bytes <= budget)
            {
                // What larger batches had is kept, so that none has to make room anew.
                pass.Reserve(Bytes(device.Facts, Config, either, MostLoops) <= budget ? either : need);
                return rows;
            }
            if (microBatchTokens > 0 || tokens <= LeastMicroBatch)
                throw KernelCodes.MemoryBudget.With(
                    $"micro-batches of {rows.LargestMicroBatch:N0} tokens take {bytes:N0} bytes with the model on"
                    + $" {device.Facts.Name}, and {budget:N0} of {device.Facts.TotalBytes:N0} may be used");
        }
    }

    void RefreshWeights()
    {
        if (weightsAreOld)
            weights.DownloadWeights();
        weightsAreOld = false;
    }
}
