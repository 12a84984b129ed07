using System.Runtime.Intrinsics;
using Harness.Kernels.Cpu;
using Harness.Kernels.Linear;

namespace Harness.Kernels.Training;

/// <summary>
/// Sums of a micro-batch's rows into the gradients of the weights, in blocks of 64 rows: for a matrix dW = dy^T x, for a norm the rows'
/// parts. The embedding's rows are added one by one in ascending order, into sums of their own: a tied embedding's gradient is the head's
/// over the whole batch, to which <see cref="AddEmbedding"/> adds them, so that it does not depend on micro-batches.
/// </summary>
sealed unsafe class WeightGradients : IDisposable
{
    /// <summary>Outputs of a matrix that one piece of work sums.</summary>
    const int OutputsPerPiece = 48;

    readonly TrainedWeights weights;
    readonly InstructionSet form;
    readonly RowBuffer? tiedEmbedding;
    readonly List<Sum> sums = [];
    Activations activations = null!;

    public WeightGradients(TrainedWeights weights, InstructionSet form)
    {
        this.weights = weights;
        this.form = form;
        tiedEmbedding = weights.Config.TiedEmbedding ? new RowBuffer(weights.Embedding.Outputs, weights.Embedding.Inputs) : null;
        AddMatrix(weights.Head, kept => kept.Logits, kept => kept.FinalNormed);
        for (int index = 0; index < weights.Layers.Count; index++)
        {
            int layer = index;
            TrainedLayer of = weights.Layers[layer];
            AddMatrix(of.GateUp, kept => kept.Layers[layer].GateUp, kept => kept.Layers[layer].FeedForwardNormed);
            AddMatrix(of.Down, kept => kept.Layers[layer].OutputGradient, kept => kept.Layers[layer].Activated);
            AddMatrix(of.Qkv, kept => kept.Layers[layer].Qkv, kept => kept.Layers[layer].AttentionNormed);
            AddMatrix(of.Output, kept => kept.Layers[layer].MiddleGradient, kept => kept.Layers[layer].Mixed);
            AddNorm(of.AttentionNorm, kept => kept.Layers[layer].AttentionInput);
            AddNorm(of.FeedForwardNorm, kept => kept.Layers[layer].FeedForwardInput);
        }
        AddNorm(weights.FinalNorm, kept => kept.FinalInput);
    }

    delegate RowBuffer Rows(Activations kept);

    /// <summary>Pieces of work; the last one is the embedding's.</summary>
    public int Pieces => sums.Count + 1;

    RowBuffer EmbeddingSums => tiedEmbedding ?? weights.Embedding.Gradient;

    /// <summary>Bytes beside the weights' own.</summary>
    public static Int128 Bytes(Configuration.ModelConfig config) =>
        config.TiedEmbedding ? RowBuffer.Bytes(config.Vocabulary, config.Width) : 0;

    /// <summary>Names the buffers that are summed.</summary>
    public void Read(Activations kept) => activations = kept;

    /// <summary>One piece of work.</summary>
    /// <param name="piece">Below <see cref="Pieces"/>.</param>
    /// <param name="rows">Of the micro-batch.</param>
    /// <param name="inputs">The rows' tokens.</param>
    /// <param name="labels">The rows' labels; negative where there is padding.</param>
    /// <param name="first">Whether it is the batch's first micro-batch, which begins the sums.</param>
    public void Run(int piece, int rows, ReadOnlySpan<int> inputs, ReadOnlySpan<int> labels, bool first)
    {
        if (piece == sums.Count)
            Scatter(inputs, labels, first);
        else if (sums[piece].X is { } x)
            SumProducts(sums[piece], sums[piece].Dy(activations), x(activations), rows, first);
        else
            SumRows(sums[piece].Dy(activations), rows, sums[piece].Matrix.Gradient.Data, first);
    }

    /// <summary>Adds the embedding's rows to a tied head's gradient, once a batch.</summary>
    public void AddEmbedding()
    {
        if (tiedEmbedding is null)
            return;
        for (int row = 0; row < tiedEmbedding.Rows; row++)
        {
            float* gradient = weights.Embedding.Gradient.Row(row);
            VectorSum.Run(gradient, tiedEmbedding.Row(row), tiedEmbedding.Columns, gradient);
        }
    }

    public void Dispose() => tiedEmbedding?.Dispose();

    void AddMatrix(TrainedMatrix matrix, Rows dy, Rows x)
    {
        for (int output = 0; output < matrix.Outputs; output += OutputsPerPiece)
            sums.Add(new Sum(matrix, output, Math.Min(OutputsPerPiece, matrix.Outputs - output), dy, x));
    }

    void AddNorm(TrainedMatrix norm, Rows parts) => sums.Add(new Sum(norm, 0, 1, parts, null));

    void SumProducts(in Sum sum, RowBuffer dy, RowBuffer x, int rows, bool first) => GemmF32.Run(
        new GemmOperands
        {
            A = dy.Data + sum.FirstOutput,
            RowStepA = 1,
            TermStepA = dy.Stride,
            B = x.Data,
            StepB = x.Stride,
            C = sum.Matrix.Gradient.Row(sum.FirstOutput),
            StepC = sum.Matrix.Gradient.Stride,
            Rows = sum.Outputs,
            Columns = sum.Matrix.Inputs,
            Terms = rows,
            Accumulate = !first,
        },
        form);

    static void SumRows(RowBuffer parts, int rows, float* total, bool first)
    {
        if (first)
            new Span<float>(total, parts.Columns).Clear();
        for (int column = 0; column < parts.Columns; column += 8)
        {
            for (int block = 0; block < rows; block += GemmF32.BlockTerms)
            {
                Vector256<float> sum = default;
                int end = Math.Min(block + GemmF32.BlockTerms, rows);
                for (int row = block; row < end; row++)
                    sum += Vector256.Load(parts.Row(row) + column);
                (Vector256.Load(total + column) + sum).Store(total + column);
            }
        }
    }

    void Scatter(ReadOnlySpan<int> inputs, ReadOnlySpan<int> labels, bool first)
    {
        RowBuffer parts = activations.EmbeddingGradient, total = EmbeddingSums;
        for (int row = 0; first && row < total.Rows; row++)
            total.RowSpan(row).Clear();
        for (int row = 0; row < inputs.Length; row++)
        {
            if (labels[row] < 0)
                continue;
            float* sum = total.Row(inputs[row]);
            VectorSum.Run(sum, parts.Row(row), parts.Columns, sum);
        }
    }

    /// <summary>Some outputs of a matrix; without <paramref name="X"/> the sum of a norm's rows.</summary>
    readonly record struct Sum(TrainedMatrix Matrix, int FirstOutput, int Outputs, Rows Dy, Rows? X);
}
