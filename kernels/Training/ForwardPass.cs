using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Linear;
using Harness.Kernels.RmsNorm;
using Harness.Kernels.RotaryEmbedding;
using Harness.Kernels.SwiGlu;

namespace Harness.Kernels.Training;

/// <summary>From tokens to logits: the numbers of float32 inference to the bit, with what the backward pass needs kept.</summary>
sealed unsafe class ForwardPass(TrainedWeights weights, RotaryTable rotary, InstructionSet form, ExpertPass? experts)
{
    readonly ModelConfig config = weights.Config;

    /// <summary>Takes some sequences through the model.</summary>
    /// <param name="piece">Which.</param>
    /// <param name="batch">Of the rows.</param>
    /// <param name="activations">Of the micro-batch.</param>
    /// <param name="scratch">The worker's own.</param>
    /// <param name="loops">Times that the layers are passed.</param>
    public void Run(in Piece piece, BatchRows batch, Activations activations, WorkerScratch scratch, int loops)
    {
        ReadOnlySpan<int> tokens = batch.Inputs.Slice(piece.BatchRow, piece.Rows);
        ReadOnlySpan<int> labels = batch.Labels.Slice(piece.BatchRow, piece.Rows);
        for (int i = 0; i < piece.Rows; i++)
            weights.Embedding.Weights.RowSpan(tokens[i]).CopyTo(activations.Layers[0].AttentionInput.RowSpan(piece.First + i));
        int passes = config.Layers * loops;
        for (int index = 0; index < passes; index++)
        {
            TrainedLayer layer = weights.Layers[index % config.Layers];
            LayerActivations kept = activations.Layers[index];
            RowBuffer next = index + 1 < passes ? activations.Layers[index + 1].AttentionInput : activations.FinalInput;
            Normalise(piece, kept.AttentionInput, layer.AttentionNorm, kept.AttentionNormed);
            Multiply(piece, kept.AttentionNormed, layer.Qkv, kept.Qkv.Row(piece.First), kept.Qkv.Stride);
            Rotate(piece, kept.Qkv);
            for (int first = piece.First; first < piece.End; first += piece.RowsPerSequence)
                scratch.Attention.Forward(
                    kept.Qkv.Row(first), kept.Qkv.Stride, piece.RowsPerSequence, kept.Mixed.Row(first), kept.Mixed.Stride);
            Multiply(piece, kept.Mixed, layer.Output, scratch.Delta.Data, scratch.Delta.Stride);
            Add(piece, kept.AttentionInput, scratch.Delta, kept.FeedForwardInput);
            Normalise(piece, kept.FeedForwardInput, layer.FeedForwardNorm, kept.FeedForwardNormed);
            if (experts is null)
                FeedForward(piece, layer, kept, scratch.Delta);
            else
                experts.Forward(piece, layer, kept, labels, scratch);
            Add(piece, kept.FeedForwardInput, scratch.Delta, next);
        }
        Normalise(piece, activations.FinalInput, weights.FinalNorm, activations.FinalNormed);
        Multiply(piece, activations.FinalNormed, weights.Head, activations.Logits.Row(piece.First), activations.Logits.Stride);
    }

    void FeedForward(in Piece piece, TrainedLayer layer, LayerActivations kept, RowBuffer delta)
    {
        Multiply(piece, kept.FeedForwardNormed, layer.GateUp, kept.GateUp.Row(piece.First), kept.GateUp.Stride);
        Activate(piece, kept);
        Multiply(piece, kept.Activated, layer.Down, delta.Data, delta.Stride);
    }

    void Normalise(in Piece piece, RowBuffer x, TrainedMatrix norm, RowBuffer y)
    {
        for (int row = piece.First; row < piece.End; row++)
            RmsNormCpu.Run(x.Row(row), norm.Weights.Data, config.NormEpsilon, config.Width, y.Row(row));
    }

    void Multiply(in Piece piece, RowBuffer x, TrainedMatrix matrix, float* y, int step) => GemmF32.Run(
        new GemmOperands
        {
            A = x.Row(piece.First),
            RowStepA = x.Stride,
            TermStepA = 1,
            B = matrix.Transposed!.Data,
            StepB = matrix.Transposed.Stride,
            C = y,
            StepC = step,
            Rows = piece.Rows,
            Columns = matrix.Outputs,
            Terms = matrix.Inputs,
        },
        form);

    void Rotate(in Piece piece, RowBuffer qkv)
    {
        for (int i = 0; i < piece.Rows; i++)
        {
            float* row = qkv.Row(piece.First + i);
            for (int head = 0; head < config.Heads + config.KvHeads; head++)
                rotary.Rotate(row + (head * config.HeadWidth), i % piece.RowsPerSequence);
        }
    }

    static void Add(in Piece piece, RowBuffer x, RowBuffer delta, RowBuffer y)
    {
        for (int i = 0; i < piece.Rows; i++)
            VectorSum.Run(x.Row(piece.First + i), delta.Row(i), x.Columns, y.Row(piece.First + i));
    }

    void Activate(in Piece piece, LayerActivations kept)
    {
        for (int row = piece.First; row < piece.End; row++)
        {
            float* gate = kept.GateUp.Row(row);
            SwiGluCpu.Run(gate, gate + config.FeedForward, config.FeedForward, kept.Activated.Row(row));
        }
    }
}
