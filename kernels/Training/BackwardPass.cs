using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Linear;
using Harness.Kernels.RmsNorm;
using Harness.Kernels.RotaryEmbedding;
using Harness.Kernels.SwiGlu;

namespace Harness.Kernels.Training;

/// <summary>
/// From the gradients of logits back to those of the embedding's rows. Activations become the gradients that <see cref="WeightGradients"/>
/// sums over rows.
/// </summary>
sealed unsafe class BackwardPass(TrainedWeights weights, RotaryTable rotary, InstructionSet form, ExpertPass? experts)
{
    readonly ModelConfig config = weights.Config;

    /// <summary>Takes some sequences' gradients back through the model.</summary>
    /// <param name="piece">Which; they have passed <see cref="ForwardPass"/>.</param>
    /// <param name="batch">Of the rows.</param>
    /// <param name="activations">Of the micro-batch.</param>
    /// <param name="scratch">The worker's own.</param>
    /// <param name="loops">As of the forward pass.</param>
    public void Run(in Piece piece, BatchRows batch, Activations activations, WorkerScratch scratch, int loops)
    {
        Multiply(piece, activations.Logits, weights.Head, scratch.Delta);
        int passes = config.Layers * loops;
        RowBuffer gradient = activations.Layers[passes - 1].OutputGradient;
        for (int row = piece.First; row < piece.End; row++)
            gradient.RowSpan(row).Clear();
        Normalise(piece, activations.FinalInput, weights.FinalNorm, scratch, gradient, gradient);
        for (int index = passes - 1; index >= 0; index--)
        {
            TrainedLayer layer = weights.Layers[index % config.Layers];
            LayerActivations kept = activations.Layers[index];
            RowBuffer before = index > 0 ? activations.Layers[index - 1].OutputGradient : activations.EmbeddingGradient;
            if (experts is null)
                FeedForward(piece, layer, kept, scratch);
            else
                experts.Backward(piece, layer, kept, batch, scratch);
            Normalise(piece, kept.FeedForwardInput, layer.FeedForwardNorm, scratch, kept.OutputGradient, kept.MiddleGradient);
            Multiply(piece, kept.MiddleGradient, layer.Output, scratch.MixedGradient);
            for (int first = piece.First; first < piece.End; first += piece.RowsPerSequence)
                Attend(piece, first, kept, scratch);
            Multiply(piece, kept.Qkv, layer.Qkv, scratch.Delta);
            Normalise(piece, kept.AttentionInput, layer.AttentionNorm, scratch, kept.MiddleGradient, before);
        }
    }

    void FeedForward(in Piece piece, TrainedLayer layer, LayerActivations kept, WorkerScratch scratch)
    {
        Multiply(piece, kept.OutputGradient, layer.Down, scratch.ActivatedGradient);
        Activate(piece, kept, scratch);
        Multiply(piece, kept.GateUp, layer.GateUp, scratch.Delta);
    }

    /// <summary>dx = dy W: sums over outputs.</summary>
    void Multiply(in Piece piece, RowBuffer dy, TrainedMatrix matrix, RowBuffer dx) => GemmF32.Run(
        new GemmOperands
        {
            A = dy.Row(piece.First),
            RowStepA = dy.Stride,
            TermStepA = 1,
            B = matrix.Weights.Data,
            StepB = matrix.Weights.Stride,
            C = dx.Data,
            StepC = dx.Stride,
            Rows = piece.Rows,
            Columns = matrix.Inputs,
            Terms = matrix.Outputs,
        },
        form);

    /// <summary>Gradients of the residual stream from that of a norm's output, in the scratch, and that which passes it by.</summary>
    void Normalise(in Piece piece, RowBuffer x, TrainedMatrix norm, WorkerScratch scratch, RowBuffer residual, RowBuffer dx)
    {
        for (int i = 0; i < piece.Rows; i++)
        {
            int row = piece.First + i;
            RmsNormBackward.Run(
                x.Row(row),
                norm.Weights.Data,
                config.NormEpsilon,
                config.Width,
                scratch.Delta.Row(i),
                residual.Row(row),
                scratch.Row.Data,
                dx.Row(row));
        }
    }

    void Activate(in Piece piece, LayerActivations kept, WorkerScratch scratch)
    {
        for (int i = 0; i < piece.Rows; i++)
        {
            float* gate = kept.GateUp.Row(piece.First + i);
            SwiGluBackward.Run(gate, gate + config.FeedForward, config.FeedForward, scratch.ActivatedGradient.Row(i));
        }
    }

    void Attend(in Piece piece, int first, LayerActivations kept, WorkerScratch scratch)
    {
        RowBuffer qkv = kept.Qkv, gradient = scratch.QkvGradient, mixed = scratch.MixedGradient;
        scratch.Attention.Backward(
            qkv.Row(first),
            qkv.Stride,
            piece.RowsPerSequence,
            kept.Mixed.Row(first),
            mixed.Row(first - piece.First),
            mixed.Stride,
            gradient.Data,
            gradient.Stride);
        for (int position = 0; position < piece.RowsPerSequence; position++)
        {
            float* row = gradient.Row(position);
            for (int head = 0; head < config.Heads + config.KvHeads; head++)
                rotary.RotateBack(row + (head * config.HeadWidth), position);
            gradient.RowSpan(position).CopyTo(qkv.RowSpan(first + position));
        }
    }
}
