using System.Runtime.InteropServices;
using Harness.Kernels.Cpu;
using Harness.Kernels.Driver;
using Harness.Kernels.RotaryEmbedding;

namespace Harness.Kernels.Training.Device;

/// <summary><see cref="GradientPass"/> on a device: one micro-batch after another, forward, back and into the weights' gradients.</summary>
sealed class DeviceGradientPass : IDisposable
{
    readonly IKernelDevice device;
    readonly TrainedWeights mirror;
    readonly DeviceWeights weights;
    readonly DeviceForwardPass forward;
    readonly DeviceBackwardPass backward;
    readonly DeviceExpertPass? experts;
    readonly RotaryTable rotary;
    readonly int mostLoops;
    DeviceActivations? activations;
    float[] logProbabilities = [];
    int count;

    /// <param name="device">Where it runs.</param>
    /// <param name="mirror">The weights' names and shapes.</param>
    /// <param name="weights">Themselves.</param>
    /// <param name="mostLoops">The most times that the layers are passed.</param>
    /// <param name="balanceLoss">Coefficient of the loss that balances experts.</param>
    public DeviceGradientPass(IKernelDevice device, TrainedWeights mirror, DeviceWeights weights, int mostLoops, double balanceLoss)
    {
        this.device = device;
        this.mirror = mirror;
        this.weights = weights;
        this.mostLoops = mostLoops;
        experts = mirror.Config.Experts is null ? null : new DeviceExpertPass(device, mirror, weights, balanceLoss);
        forward = new DeviceForwardPass(device, mirror, weights, experts);
        backward = new DeviceBackwardPass(device, mirror, weights, experts);
        rotary = new RotaryTable(mirror.Config);
    }

    /// <summary>The label's log-probability of each row of the last batch; 0 where it counts nothing.</summary>
    public ReadOnlySpan<float> LogProbabilities => logProbabilities.AsSpan(0, count);

    /// <summary>What there is room for now.</summary>
    public DeviceNeed Reserved => activations?.Need ?? default;

    /// <summary>Makes room.</summary>
    public void Reserve(DeviceNeed need)
    {
        if (Reserved.Max(need) == Reserved)
            return;
        activations?.Dispose();
        activations = null;
        activations = new DeviceActivations(device, mirror.Config, need, mostLoops);
        rotary.Reserve(need.LongestSequence);
        int angles = need.LongestSequence * rotary.Half;
        Upload(activations.Cosines, rotary.Cosines[..angles]);
        Upload(activations.Sines, rotary.Sines[..angles]);
    }

    /// <summary>Loss of a batch, and its gradient; there is room for it.</summary>
    public double Learn(BatchRows batch, int loops)
    {
        CheckLoops(loops);
        DeviceActivations kept = activations!;
        UploadRows(batch, learns: true);
        (TokenRows Lists, long Place)[] lists = UploadLists(batch);
        experts?.Begin(batch, kept);
        foreach ((int index, MicroBatch part) in batch.MicroBatches.Index())
        {
            experts?.Begin(part, index);
            forward.Run(part, kept, loops);
            Score(part, kept, learns: true);
            backward.Run(part, kept, index == 0, loops);
            backward.Scatter(lists[index].Lists, lists[index].Place);
        }
        weights.AddOthers(loops);
        return Loss(batch);
    }

    /// <summary>Loss of a batch, and the log-probability of every label, whatever it counts; there is room for it.</summary>
    public double Evaluate(BatchRows batch, int loops)
    {
        CheckLoops(loops);
        UploadRows(batch, learns: false);
        experts?.Begin(batch, activations!);
        foreach ((int index, MicroBatch part) in batch.MicroBatches.Index())
        {
            experts?.Begin(part, index);
            forward.Run(part, activations!, loops);
            Score(part, activations!, learns: false);
        }
        return Loss(batch);
    }

    /// <summary>As <see cref="GradientPass.Balance"/>.</summary>
    /// <param name="loops">Times that the layers were passed.</param>
    public double Balance(int loops) => experts is null ? 0 : experts.Balance() / (mirror.Config.Layers * loops);

    /// <summary>The norm of the last batch's gradients.</summary>
    public float GradientNorm() => MathF.Sqrt(LaneReduction.Sum(weights.SumsOfSquares()));

    public void Dispose()
    {
        activations?.Dispose();
        rotary.Dispose();
    }

    void CheckLoops(int loops)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(loops, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(loops, mostLoops);
    }

    /// <summary>Tokens and labels; of a batch that is learnt from, those labels that count, and their shares.</summary>
    void UploadRows(BatchRows batch, bool learns)
    {
        Upload(activations!.Inputs, batch.Inputs);
        int[] labels = batch.Labels.ToArray();
        float[] factors = new float[batch.Rows];
        for (int row = 0; learns && row < batch.Rows; row++)
        {
            factors[row] = (float)(batch.Weights[row] / batch.WeightSum);
            labels[row] = batch.Weights[row] == 0 ? -1 : labels[row];
        }
        Upload<int>(activations.Labels, labels);
        Upload<float>(activations.Factors, factors);
    }

    (TokenRows Lists, long Place)[] UploadLists(BatchRows batch)
    {
        List<int> all = [];
        var lists = new (TokenRows, long)[batch.MicroBatches.Count];
        foreach ((int index, MicroBatch part) in batch.MicroBatches.Index())
        {
            TokenRows rows = TokenRows.Of(
                batch.Inputs.Slice(part.FirstRow, part.Rows), batch.Labels.Slice(part.FirstRow, part.Rows));
            lists[index] = (rows, all.Count);
            all.AddRange(rows.Tokens);
            all.AddRange(rows.Firsts);
            all.AddRange(rows.List);
        }
        Upload<int>(activations!.TokenRows, CollectionsMarshal.AsSpan(all));
        return lists;
    }

    void Score(MicroBatch part, DeviceActivations kept, bool learns)
    {
        long place = sizeof(float) * (long)part.FirstRow;
        CrossEntropyCuda.Run(
            device,
            new CrossEntropyParameters
            {
                Logits = kept.Logits,
                Labels = kept.Labels + place,
                Factors = learns ? kept.Factors + place : default,
                LogProbabilities = kept.LogProbabilities + place,
                Vocabulary = mirror.Config.Vocabulary,
            },
            part.Rows);
    }

    double Loss(BatchRows batch)
    {
        count = batch.Rows;
        if (logProbabilities.Length < count)
            logProbabilities = new float[count];
        device.CopyToHost(MemoryMarshal.AsBytes(logProbabilities.AsSpan(0, count)), activations!.LogProbabilities);
        return batch.Loss(LogProbabilities);
    }

    void Upload<T>(DevicePointer to, ReadOnlySpan<T> values) where T : unmanaged =>
        device.CopyToDevice(to, MemoryMarshal.AsBytes(values));
}
