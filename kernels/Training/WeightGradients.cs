using System.Runtime.Intrinsics;
using Harness.Kernels.Cpu;
using Harness.Kernels.Linear;

namespace Harness.Kernels.Training;

/// <summary>
/// Sums of a micro-batch's rows into the gradients of the weights, in blocks of 64 rows: for a matrix dW = dy^T x, for a norm the rows'
/// parts. The embedding's rows are added one by one in ascending order, into sums of their own: a tied embedding's gradient is the head's
/// over the whole batch, to which <see cref="AddOthers"/> adds them, so that it does not depend on micro-batches. In the same way each
/// later pass of a layer has sums of its own.
/// </summary>
sealed unsafe class WeightGradients : IDisposable
{
    /// <summary>Outputs of a matrix that one piece of work sums.</summary>
    const int OutputsPerPiece = 48;

    readonly TrainedWeights weights;
    readonly InstructionSet form;
    readonly RowBuffer? tiedEmbedding;
    readonly List<Sum> sums = [];
    readonly List<(int Place, ExpertGradients Sums)> experts = [];

    /// <summary>Of each pass after the first, by layer matrix.</summary>
    readonly List<(TrainedMatrix Matrix, RowBuffer Total)>[] later;
    Activations activations = null!;

    /// <param name="weights">The model's.</param>
    /// <param name="form">Of the processor.</param>
    /// <param name="loops">The most times that its layers are passed.</param>
    public WeightGradients(TrainedWeights weights, InstructionSet form, int loops)
    {
        this.weights = weights;
        this.form = form;
        tiedEmbedding = weights.Config.TiedEmbedding ? new RowBuffer(weights.Embedding.Outputs, weights.Embedding.Inputs) : null;
        later = [.. Enumerable.Range(1, loops - 1).Select(_ => new List<(TrainedMatrix, RowBuffer)>())];
        AddMatrix(weights.Head, 0, kept => kept.Logits, kept => kept.FinalNormed);
        for (int index = 0; index < weights.Layers.Count * loops; index++)
        {
            (int place, int loop) = (index, index / weights.Layers.Count);
            TrainedLayer of = weights.Layers[index % weights.Layers.Count];
            if (of.Router is { } router)
            {
                AddMatrix(router, loop, kept => kept.Layers[place].RouterLogits!, kept => kept.Layers[place].FeedForwardNormed);
                AddExperts(of, place, loop);
            }
            else
            {
                AddMatrix(of.GateUp, loop, kept => kept.Layers[place].GateUp, kept => kept.Layers[place].FeedForwardNormed);
                AddMatrix(of.Down, loop, kept => kept.Layers[place].OutputGradient, kept => kept.Layers[place].Activated);
            }
            AddMatrix(of.Qkv, loop, kept => kept.Layers[place].Qkv, kept => kept.Layers[place].AttentionNormed);
            AddMatrix(of.Output, loop, kept => kept.Layers[place].MiddleGradient, kept => kept.Layers[place].Mixed);
            AddNorm(of.AttentionNorm, loop, kept => kept.Layers[place].AttentionInput);
            AddNorm(of.FeedForwardNorm, loop, kept => kept.Layers[place].FeedForwardInput);
        }
        AddNorm(weights.FinalNorm, 0, kept => kept.FinalInput);
    }

    delegate RowBuffer Rows(Activations kept);

    /// <summary>Pieces of work: the experts', then the other matrices', the last one the embedding's.</summary>
    public int Pieces => experts.Count + sums.Count + 1;

    RowBuffer EmbeddingSums => tiedEmbedding ?? weights.Embedding.Gradient;

    /// <summary>Bytes beside the weights' own.</summary>
    public static Int128 Bytes(Configuration.ModelConfig config, int loops)
    {
        Int128 layer = (2 * RowBuffer.Bytes(1, config.Width)) + RowBuffer.Bytes(config.QueryWidth + (2 * config.KvWidth), config.Width)
            + RowBuffer.Bytes(config.Width, config.QueryWidth)
            + ((config.Experts?.Count ?? 1)
                * (RowBuffer.Bytes(2 * config.FeedForward, config.Width) + RowBuffer.Bytes(config.Width, config.FeedForward)))
            + (config.Experts is { } router ? RowBuffer.Bytes(router.Count, config.Width) : 0);
        return (config.TiedEmbedding ? RowBuffer.Bytes(config.Vocabulary, config.Width) : 0) + ((loops - 1) * config.Layers * layer)
            + (config.Experts is { } experts ? loops * (Int128)config.Layers * experts.Count * ExpertGradients.Bytes(config) : 0);
    }

    /// <summary>Names the buffers that are summed.</summary>
    public void Read(Activations kept) => activations = kept;

    /// <summary>One piece of work.</summary>
    /// <param name="piece">Below <see cref="Pieces"/>.</param>
    /// <param name="rows">Of the micro-batch.</param>
    /// <param name="inputs">The rows' tokens.</param>
    /// <param name="labels">The rows' labels; negative where there is padding.</param>
    /// <param name="first">Whether it is the batch's first micro-batch, which begins the sums.</param>
    /// <param name="last">Whether it is the batch's last micro-batch, which ends them.</param>
    /// <param name="loops">Times that the layers were passed.</param>
    public void Run(int piece, int rows, ReadOnlySpan<int> inputs, ReadOnlySpan<int> labels, bool first, bool last, int loops)
    {
        if (piece < experts.Count)
        {
            if (experts[piece].Place < weights.Layers.Count * loops)
                experts[piece].Sums.Run(activations.Layers[experts[piece].Place], rows, first, last);
            return;
        }
        piece -= experts.Count;
        if (piece == sums.Count)
            Scatter(inputs, labels, first);
        else if (sums[piece].Loop >= loops)
            return;
        else if (sums[piece].X is { } x)
            SumProducts(sums[piece], sums[piece].Dy(activations), x(activations), rows, first);
        else
            SumRows(sums[piece].Dy(activations), rows, sums[piece].Total.Data, first);
    }

    /// <summary>
    /// Once a batch, adds the embedding's rows to a tied head's gradient, and to those of the layers the sums of later passes in their
    /// order.
    /// </summary>
    /// <param name="loops">Times that the layers were passed.</param>
    public void AddOthers(int loops)
    {
        if (tiedEmbedding is not null)
            Add(tiedEmbedding, weights.Embedding.Gradient);
        foreach ((TrainedMatrix matrix, RowBuffer total) in later.Take(loops - 1).SelectMany(pass => pass))
            Add(total, matrix.Gradient);
    }

    public void Dispose()
    {
        tiedEmbedding?.Dispose();
        foreach ((_, RowBuffer total) in later.SelectMany(pass => pass))
            total.Dispose();
        foreach ((_, ExpertGradients sum) in experts)
            sum.Dispose();
    }

    static void Add(RowBuffer more, RowBuffer sum)
    {
        for (int row = 0; row < more.Rows; row++)
            VectorSum.Run(sum.Row(row), more.Row(row), more.Columns, sum.Row(row));
    }

    void AddMatrix(TrainedMatrix matrix, int loop, Rows dy, Rows x)
    {
        RowBuffer total = TotalOf(matrix, loop);
        for (int output = 0; output < matrix.Outputs; output += OutputsPerPiece)
            sums.Add(new Sum(matrix, total, loop, output, Math.Min(OutputsPerPiece, matrix.Outputs - output), dy, x));
    }

    void AddExperts(TrainedLayer layer, int place, int loop)
    {
        foreach ((int expert, TrainedFeedForward matrices) in layer.FeedForwards.Index())
        {
            RowBuffer gateUp = TotalOf(matrices.GateUp, loop), down = TotalOf(matrices.Down, loop);
            experts.Add((place, new ExpertGradients(weights.Config, expert, form, gateUp, down)));
        }
    }

    void AddNorm(TrainedMatrix norm, int loop, Rows parts) =>
        sums.Add(new Sum(norm, TotalOf(norm, loop), loop, 0, 1, parts, null));

    RowBuffer TotalOf(TrainedMatrix matrix, int loop)
    {
        if (loop == 0)
            return matrix.Gradient;
        RowBuffer total = new(matrix.Outputs, matrix.Inputs);
        later[loop - 1].Add((matrix, total));
        return total;
    }

    void SumProducts(in Sum sum, RowBuffer dy, RowBuffer x, int rows, bool first) => GemmF32.Run(
        new GemmOperands
        {
            A = dy.Data + sum.FirstOutput,
            RowStepA = 1,
            TermStepA = dy.Stride,
            B = x.Data,
            StepB = x.Stride,
            C = sum.Total.Row(sum.FirstOutput),
            StepC = sum.Total.Stride,
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

    /// <summary>Some outputs of a matrix in one pass; without <paramref name="X"/> the sum of a norm's rows.</summary>
    readonly record struct Sum(TrainedMatrix Matrix, RowBuffer Total, int Loop, int FirstOutput, int Outputs, Rows Dy, Rows? X);
}
