using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Linear;
using Harness.Kernels.Routing;
using Harness.Kernels.SwiGlu;

namespace Harness.Kernels.Training;

/// <summary>
/// The experts of a layer, forward and back, for the sequences that one worker takes: what each expert gets of them passes its matrices
/// together. Padding passes none.
/// </summary>
/// <remarks>
/// Back, with dy the gradient of a row's mixture, W the expert's down matrix and a its activations: z = dy W, the factor's gradient is the
/// sum of z a by <see cref="LaneReduction"/>, that of a is factor z, and W learns from dy and factor a. The experts' parts of the input's
/// gradient are added in ascending order from +0, then the router's.
/// </remarks>
/// <param name="config">Of a model with experts.</param>
/// <param name="form">Of the processor.</param>
/// <param name="balanceLoss">Coefficient of <see cref="SequenceBalance"/>.</param>
sealed unsafe class ExpertPass(ModelConfig config, InstructionSet form, double balanceLoss)
{
    readonly ExpertShape shape = config.Experts!;
    double[] balances = [];
    long tokens = 1;

    /// <summary>
    /// Of the batch that was gone back through, the loss of balance without its coefficient: the mean over tokens, summed over layers.
    /// </summary>
    public double Balance => balances.Sum() / tokens;

    /// <summary>Begins a batch.</summary>
    public void Begin(BatchRows batch)
    {
        tokens = batch.Tokens;
        if (balances.Length != batch.Rows)
            balances = new double[batch.Rows];
        Array.Clear(balances);
    }

    /// <summary>From the layer's normed input to what is added to the residual stream, in the scratch's delta.</summary>
    /// <param name="piece">Which rows.</param>
    /// <param name="layer">The weights.</param>
    /// <param name="kept">What the backward pass needs.</param>
    /// <param name="labels">The piece's; negative where there is padding.</param>
    /// <param name="scratch">The worker's own.</param>
    public void Forward(in Piece piece, TrainedLayer layer, LayerActivations kept, ReadOnlySpan<int> labels, WorkerScratch scratch)
    {
        ExpertOrder order = kept.Order!;
        RowBuffer logits = kept.RouterLogits!;
        Multiply(kept.FeedForwardNormed.Row(piece.First), kept.FeedForwardNormed.Stride, piece.Rows, layer.Router!, logits, piece.First);
        for (int i = 0; i < piece.Rows; i++)
        {
            if (labels[i] < 0)
                order.LeaveOut(piece.First + i);
            else
                order.Route(piece.First + i, logits.Row(piece.First + i));
            scratch.Delta.RowSpan(i).Clear();
        }
        ExpertScratch own = scratch.Experts!;
        order.Group(piece.First, piece.End, own.Starts);
        for (int expert = 0; expert < shape.Count; expert++)
        {
            (int start, int end) = (own.Starts[expert], own.Starts[expert + 1]);
            if (start == end)
                continue;
            Gather(kept.FeedForwardNormed, order, start, end, own.Gathered);
            TrainedFeedForward matrices = layer.FeedForwards[expert];
            Multiply(own.Gathered.Data, own.Gathered.Stride, end - start, matrices.GateUp, kept.GateUp, start);
            for (int place = start; place < end; place++)
            {
                float* gate = kept.GateUp.Row(place);
                SwiGluCpu.Run(gate, gate + config.FeedForward, config.FeedForward, kept.Activated.Row(place));
            }
            Multiply(kept.Activated.Row(start), kept.Activated.Stride, end - start, matrices.Down, own.Outputs, 0);
            for (int place = start; place < end; place++)
            {
                ExpertMix.Add(
                    order.FactorAt(place), own.Outputs.Row(place - start), config.Width,
                    scratch.Delta.Row(order.RowAt(place) - piece.First));
            }
        }
    }

    /// <summary>From the gradient of the residual stream to that of the layer's normed input, in the scratch's delta.</summary>
    /// <param name="piece">As of <see cref="Forward"/>.</param>
    /// <param name="layer">As of <see cref="Forward"/>.</param>
    /// <param name="kept">What <see cref="Forward"/> kept, overwritten with gradients.</param>
    /// <param name="batch">Of the rows.</param>
    /// <param name="scratch">The worker's own.</param>
    public void Backward(in Piece piece, TrainedLayer layer, LayerActivations kept, BatchRows batch, WorkerScratch scratch)
    {
        ExpertOrder order = kept.Order!;
        ExpertScratch own = scratch.Experts!;
        order.Group(piece.First, piece.End, own.Starts);
        for (int i = 0; i < piece.Rows; i++)
            scratch.Delta.RowSpan(i).Clear();
        for (int expert = 0; expert < shape.Count; expert++)
        {
            (int start, int end) = (own.Starts[expert], own.Starts[expert + 1]);
            if (start == end)
                continue;
            Gather(kept.OutputGradient, order, start, end, own.Gathered);
            TrainedFeedForward matrices = layer.FeedForwards[expert];
            MultiplyBack(own.Gathered.Data, own.Gathered.Stride, end - start, matrices.Down, scratch.ActivatedGradient, false);
            for (int place = start; place < end; place++)
                ActivateBack(piece, kept, place, scratch.ActivatedGradient.Row(place - start), own);
            MultiplyBack(kept.GateUp.Row(start), kept.GateUp.Stride, end - start, matrices.GateUp, own.Outputs, false);
            for (int place = start; place < end; place++)
            {
                float* sum = scratch.Delta.Row(order.RowAt(place) - piece.First);
                VectorSum.Run(sum, own.Outputs.Row(place - start), config.Width, sum);
            }
        }
        for (int first = 0; first < piece.Rows; first += piece.RowsPerSequence)
            RouteBack(piece, first, kept, batch, own);
        RowBuffer logits = kept.RouterLogits!;
        MultiplyBack(logits.Row(piece.First), logits.Stride, piece.Rows, layer.Router!, scratch.Delta, accumulate: true);
    }

    /// <summary>Gradients of the router's logits in one sequence.</summary>
    void RouteBack(in Piece piece, int first, LayerActivations kept, BatchRows batch, ExpertScratch own)
    {
        ExpertOrder order = kept.Order!;
        SequenceBalance balance = own.Balance;
        ReadOnlySpan<int> labels = batch.Labels.Slice(piece.BatchRow + first, piece.RowsPerSequence);
        balance.Clear();
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] >= 0)
                balance.Count(new ReadOnlySpan<int>(order.Experts(piece.First + first + i), shape.Active));
        }
        balance.SetGradients(balanceLoss, batch.Tokens);
        Span<float> probabilities = stackalloc float[shape.Count];
        for (int i = 0; i < labels.Length; i++)
        {
            int row = piece.First + first + i;
            if (labels[i] < 0)
            {
                kept.RouterLogits!.RowSpan(row).Clear();
                continue;
            }
            ReadOnlySpan<float> factors = own.FactorGradients.AsSpan((first + i) * shape.Active, shape.Active);
            fixed (float* gradients = balance.Gradients)
                RouterBackward.Run(kept.RouterLogits!.Row(row), shape, order.Experts(row), factors, gradients, probabilities);
            balance.Add(probabilities);
        }
        balances[piece.BatchRow + first] += balance.Sum();
    }

    /// <summary>From z to the gradients of gate and up, the factor's gradient on the way.</summary>
    void ActivateBack(in Piece piece, LayerActivations kept, int place, float* z, ExpertScratch own)
    {
        int width = config.FeedForward;
        float* activated = kept.Activated.Row(place), gate = kept.GateUp.Row(place);
        float factor = kept.Order!.FactorAt(place);
        own.FactorGradients[kept.Order.SlotAt(place) - (piece.First * shape.Active)] = LaneReduction.SumOfProducts(z, activated, width);
        VectorScale.Run(z, factor, width);
        VectorScale.Run(activated, factor, width);
        SwiGluBackward.Run(gate, gate + width, width, z);
    }

    static void Gather(RowBuffer x, ExpertOrder order, int start, int end, RowBuffer gathered)
    {
        for (int place = start; place < end; place++)
            x.RowSpan(order.RowAt(place)).CopyTo(gathered.RowSpan(place - start));
    }

    /// <summary>y = x W^T.</summary>
    void Multiply(float* x, int step, int rows, TrainedMatrix matrix, RowBuffer y, int firstRow) =>
        Run(x, step, rows, matrix.Transposed!, matrix.Inputs, y.Row(firstRow), y.Stride, accumulate: false);

    /// <summary>dx = dy W: sums over outputs.</summary>
    void MultiplyBack(float* dy, int step, int rows, TrainedMatrix matrix, RowBuffer dx, bool accumulate) =>
        Run(dy, step, rows, matrix.Weights, matrix.Outputs, dx.Data, dx.Stride, accumulate);

    void Run(float* a, int step, int rows, RowBuffer b, int terms, float* c, int stepC, bool accumulate) => GemmF32.Run(
        new GemmOperands
        {
            A = a,
            RowStepA = step,
            TermStepA = 1,
            B = b.Data,
            StepB = b.Stride,
            C = c,
            StepC = stepC,
            Rows = rows,
            Columns = b.Columns,
            Terms = terms,
            Accumulate = accumulate,
        },
        form);
}
