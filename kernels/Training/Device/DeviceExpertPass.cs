using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;
using Harness.Kernels.Routing;
using Harness.Kernels.SwiGlu;

namespace Harness.Kernels.Training.Device;

/// <summary>
/// <see cref="ExpertPass"/> and <see cref="ExpertGradients"/> on a device: the matrices of all experts are one launch, each over its own
/// rows. How many rows an expert has is known to the device alone; how many they are together, to the host.
/// </summary>
/// <param name="device">Where it runs.</param>
/// <param name="mirror">The weights' names and shapes, of a model with experts.</param>
/// <param name="weights">Themselves.</param>
/// <param name="balanceLoss">Coefficient of <see cref="SequenceBalance"/>.</param>
sealed class DeviceExpertPass(IKernelDevice device, TrainedWeights mirror, DeviceWeights weights, double balanceLoss)
{
    readonly ModelConfig config = mirror.Config;
    readonly ExpertShape shape = mirror.Config.Experts!;
    double[] balances = [];
    BatchRows batch = null!;
    DeviceActivations kept = null!;
    DeviceExpertScratch own = null!;
    MicroBatch part;
    int index;
    int places;

    /// <summary>Rows that an expert has on average.</summary>
    int Usual => (places + shape.Count - 1) / shape.Count;

    bool IsFirst => index == 0;

    bool IsLast => index == batch.MicroBatches.Count - 1;

    /// <summary>Begins a batch.</summary>
    public void Begin(BatchRows rows, DeviceActivations activations)
    {
        (batch, kept, own) = (rows, activations, activations.Experts!);
        device.CopyToDevice(own.Present, MemoryMarshal.AsBytes(rows.Labels));
        device.Fill(own.Balances, 0, sizeof(double) * (long)rows.Rows);
        foreach (DeviceLeftRows left in kept.LeftRows)
            device.Fill(left.Counts, 0, sizeof(int) * (long)shape.Count);
    }

    /// <summary>Begins a micro-batch.</summary>
    /// <param name="micro">Which.</param>
    /// <param name="place">Its index in the batch.</param>
    public void Begin(MicroBatch micro, int place)
    {
        (part, index) = (micro, place);
        places = checked(batch.TokensOf(micro) * shape.Active);
    }

    /// <summary>From the layer's normed input to the next residual stream.</summary>
    /// <param name="layer">The weights.</param>
    /// <param name="pass">Of the layer, among all.</param>
    /// <param name="next">Receives the residual stream.</param>
    public void Forward(TrainedLayer layer, int pass, DevicePointer next)
    {
        DeviceLayerActivations activations = kept.Layers[pass];
        DeviceExpertActivations rows = kept.ExpertLayers[pass];
        LinearF32Cuda.Run(device, Linear(activations.FeedForwardNormed, layer.Router!, rows.Logits), LinearEpilogue.Store);
        RouterParameters router = new()
        {
            Logits = rows.Logits,
            Positions = own.Present + (sizeof(int) * (long)part.FirstRow),
            Experts = rows.Chosen,
            Factors = rows.Factors,
            Starts = rows.Starts,
            Places = rows.Places,
            RowOf = rows.RowOf,
            Outputs = own.Outputs,
            Before = activations.FeedForwardInput,
            Residual = next,
            Rows = part.Rows,
            Width = config.Width,
        };
        RouterCuda.Route(device, router, shape);
        Gather(rows, activations.FeedForwardNormed, own.Gathered);
        Multiply(rows, layer, Linear(own.Gathered, layer.FeedForwards[0].GateUp, activations.GateUp));
        SwiGluHalvesCuda.Forward(device, Activation(activations.GateUp, activations.Activated));
        Multiply(rows, layer, Linear(activations.Activated, layer.FeedForwards[0].Down, own.Outputs));
        RouterCuda.Mix(device, router, shape);
    }

    /// <summary>
    /// From the gradient of the residual stream to the experts' part of that of the layer's normed input, in
    /// <see cref="DeviceActivations.Delta"/>, and to that of the router's logits, in their place.
    /// </summary>
    /// <param name="layer">The weights.</param>
    /// <param name="pass">Of the layer, among all.</param>
    /// <param name="loop">Of the layers.</param>
    public void Backward(TrainedLayer layer, int pass, int loop)
    {
        DeviceLayerActivations activations = kept.Layers[pass];
        DeviceExpertActivations rows = kept.ExpertLayers[pass];
        DeviceLeftRows left = kept.LeftRows[pass];
        TrainedFeedForward first = layer.FeedForwards[0];
        Gather(rows, kept.Stream, own.Gathered);
        SumOutputs(rows, layer, own.Gathered, first.Down, kept.ActivatedGradient);
        ExpertMixBackwardParameters mix = new()
        {
            Experts = rows.Chosen,
            Factors = rows.Factors,
            Places = rows.Places,
            Z = kept.ActivatedGradient,
            Activated = activations.Activated,
            FactorGradients = own.FactorGradients,
            Rows = part.Rows,
            Width = config.FeedForward,
        };
        ExpertMixBackwardCuda.Factors(device, mix, shape);
        SwiGluHalvesCuda.Backward(device, Activation(activations.GateUp, kept.ActivatedGradient));
        SumRows(rows, layer, left, (own.Gathered, left.OutputGradients), (activations.Activated, left.Activated), first.Down, loop);
        SumOutputs(rows, layer, activations.GateUp, first.GateUp, own.Outputs);
        ExpertMixBackwardCuda.Sum(device, mix with { X = own.Outputs, Y = kept.Delta, Width = config.Width }, shape);
        RouteBack(rows);
        Gather(rows, activations.FeedForwardNormed, own.Outputs);
        SumRows(rows, layer, left, (activations.GateUp, left.GateUpGradients), (own.Outputs, left.Inputs), first.GateUp, loop);
        if (IsLast)
            return;
        Keep(rows, left, own.Outputs, left.Inputs, config.Width);
        Keep(rows, left, activations.GateUp, left.GateUpGradients, 2 * config.FeedForward);
        Keep(rows, left, activations.Activated, left.Activated, config.FeedForward);
        Keep(rows, left, own.Gathered, left.OutputGradients, config.Width);
    }

    /// <summary>As <see cref="ExpertPass.Balance"/>; waits for it.</summary>
    public double Balance()
    {
        if (balances.Length != batch.Rows)
            balances = new double[batch.Rows];
        device.CopyToHost(MemoryMarshal.AsBytes(balances.AsSpan()), own.Balances);
        return balances.Sum() / batch.Tokens;
    }

    /// <summary>Gradients of the router's logits, sequence by sequence.</summary>
    void RouteBack(DeviceExpertActivations rows)
    {
        SequenceBalanceParameters balance = new()
        {
            Experts = rows.Chosen,
            Probabilities = own.Probabilities,
            Chosen = own.ChosenCounts,
            Gradients = own.ProbabilityGradients,
            Sums = own.Balances + (sizeof(double) * (long)part.FirstRow),
            BatchTokens = batch.Tokens,
            RowsPerSequence = part.RowsPerSequence,
        };
        SequenceBalanceCuda.Gradients(device, balance, part.Sequences, shape, balanceLoss);
        RouterBackwardCuda.Run(
            device,
            new RouterBackwardParameters
            {
                Logits = rows.Logits,
                Experts = rows.Chosen,
                FactorGradients = own.FactorGradients,
                ProbabilityGradients = own.ProbabilityGradients,
                Probabilities = own.Probabilities,
                Rows = part.Rows,
                RowsPerSequence = part.RowsPerSequence,
            },
            shape);
        SequenceBalanceCuda.Sums(device, balance, part.Sequences, shape);
    }

    void Gather(DeviceExpertActivations rows, DevicePointer x, DevicePointer y) => ExpertMixBackwardCuda.Gather(
        device, new ExpertMixBackwardParameters { RowOf = rows.RowOf, X = x, Y = y, Width = config.Width }, places);

    /// <summary>y = x W^T of each expert's rows.</summary>
    void Multiply(DeviceExpertActivations rows, TrainedLayer layer, LinearF32Parameters linear) => LinearF32ExpertsCuda.Run(
        device,
        new LinearF32ExpertsParameters { Linear = linear, Starts = rows.Starts, Stride = weights.Stride(layer) },
        LinearEpilogue.Store,
        shape.Count,
        Usual);

    LinearF32Parameters Linear(DevicePointer x, TrainedMatrix matrix, DevicePointer y) => new()
    {
        X = x,
        Weights = weights.Weights(matrix),
        Y = y,
        Rows = part.Rows,
        Outputs = matrix.Outputs,
        Inputs = matrix.Inputs,
        Ldy = matrix.Outputs,
    };

    SwiGluHalvesParameters Activation(DevicePointer gateUp, DevicePointer y) =>
        new() { GateUp = gateUp, Y = y, Width = config.FeedForward, Rows = places };

    /// <summary>dx = dy W of each expert's rows: sums over outputs.</summary>
    void SumOutputs(DeviceExpertActivations rows, TrainedLayer layer, DevicePointer dy, TrainedMatrix ofFirst, DevicePointer dx) =>
        GemmF32ExpertsCuda.RunByRows(
            device,
            new GemmF32ExpertsParameters
            {
                Gemm = new GemmF32Parameters
                {
                    A = dy,
                    B = weights.Weights(ofFirst),
                    C = dx,
                    Rows = part.Rows,
                    Columns = ofFirst.Inputs,
                    Terms = ofFirst.Outputs,
                },
                Starts = rows.Starts,
                Stride = weights.Stride(layer),
            },
            shape.Count,
            Usual);

    /// <summary>dW = dy^T x of each expert: sums over its rows, those first that the micro-batches before left.</summary>
    void SumRows(
        DeviceExpertActivations rows,
        TrainedLayer layer,
        DeviceLeftRows left,
        (DevicePointer New, DevicePointer Left) dy,
        (DevicePointer New, DevicePointer Left) x,
        TrainedMatrix ofFirst,
        int loop) => GemmF32ExpertsCuda.RunByTerms(
            device,
            new GemmF32ExpertsParameters
            {
                Gemm = new GemmF32Parameters
                {
                    A = dy.New,
                    B = x.New,
                    C = weights.Gradient(ofFirst, loop),
                    Rows = ofFirst.Outputs,
                    Columns = ofFirst.Inputs,
                    Accumulate = IsFirst ? 0 : 1,
                },
                Starts = rows.Starts,
                Left = Counts(left, index),
                LeftA = dy.Left,
                LeftB = x.Left,
                Stride = weights.Stride(layer),
                Last = IsLast ? 1 : 0,
            },
            shape.Count);

    void Keep(DeviceExpertActivations rows, DeviceLeftRows left, DevicePointer from, DevicePointer to, int width) =>
        ExpertGradientsCuda.Keep(
            device,
            new ExpertGradientsParameters
            {
                Starts = rows.Starts,
                Rows = from,
                Left = to,
                Before = Counts(left, index),
                After = Counts(left, index + 1),
                Width = width,
            },
            shape.Count);

    static DevicePointer Counts(DeviceLeftRows left, int index) => index % 2 == 0 ? left.Counts : left.OddCounts;
}
