using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Linear;
using Harness.Kernels.Routing;

namespace Harness.Kernels.Training;

/// <summary>
/// Sums of an expert's own tokens into its matrices' gradients, in the batch's order, in blocks of 64 of those tokens. A block that a
/// micro-batch leaves unfinished waits for the next one's tokens, so that micro-batches never show.
/// </summary>
sealed unsafe class ExpertGradients : IDisposable
{
    readonly int expert;
    readonly ExpertShape shape;
    readonly InstructionSet form;
    readonly RowBuffer gateUpTotal;
    readonly RowBuffer downTotal;
    readonly RowBuffer inputs;
    readonly RowBuffer gateUpGradients;
    readonly RowBuffer activated;
    readonly RowBuffer outputGradients;
    int filled;
    bool begun;

    /// <param name="config">Of a model with experts.</param>
    /// <param name="expert">0-based.</param>
    /// <param name="form">Of the processor.</param>
    /// <param name="gateUpTotal">Where its gate's and up's gradient goes.</param>
    /// <param name="downTotal">Where its down's gradient goes.</param>
    public ExpertGradients(ModelConfig config, int expert, InstructionSet form, RowBuffer gateUpTotal, RowBuffer downTotal)
    {
        this.expert = expert;
        this.form = form;
        this.gateUpTotal = gateUpTotal;
        this.downTotal = downTotal;
        shape = config.Experts!;
        inputs = new RowBuffer(GemmF32.BlockTerms, config.Width);
        gateUpGradients = new RowBuffer(GemmF32.BlockTerms, 2 * config.FeedForward);
        activated = new RowBuffer(GemmF32.BlockTerms, config.FeedForward);
        outputGradients = new RowBuffer(GemmF32.BlockTerms, config.Width);
    }

    /// <summary>Bytes of one expert's block.</summary>
    public static Int128 Bytes(ModelConfig config) =>
        (2 * RowBuffer.Bytes(GemmF32.BlockTerms, config.Width)) + RowBuffer.Bytes(GemmF32.BlockTerms, 2 * config.FeedForward)
        + RowBuffer.Bytes(GemmF32.BlockTerms, config.FeedForward);

    /// <summary>Takes a micro-batch's tokens.</summary>
    /// <param name="kept">Of the layer, gone back through.</param>
    /// <param name="rows">Of the micro-batch.</param>
    /// <param name="first">Whether it is the batch's first, which begins the sums.</param>
    /// <param name="last">Whether it is the batch's last, which ends them.</param>
    public void Run(LayerActivations kept, int rows, bool first, bool last)
    {
        if (first)
            (filled, begun) = (0, false);
        ExpertOrder order = kept.Order!;
        for (int row = 0; row < rows; row++)
        {
            int slot = new ReadOnlySpan<int>(order.Experts(row), shape.Active).IndexOf(expert);
            if (slot < 0)
                continue;
            Take(kept, row, order.Places(row)[slot]);
            if (filled == GemmF32.BlockTerms)
                Sum();
        }
        if (!last)
            return;
        if (filled > 0)
            Sum();
        if (begun)
            return;
        Clear(gateUpTotal);
        Clear(downTotal);
    }

    public void Dispose()
    {
        foreach (RowBuffer buffer in new[] { inputs, gateUpGradients, activated, outputGradients })
            buffer.Dispose();
    }

    static void Clear(RowBuffer total)
    {
        for (int row = 0; row < total.Rows; row++)
            total.RowSpan(row).Clear();
    }

    void Take(LayerActivations kept, int row, int place)
    {
        kept.FeedForwardNormed.RowSpan(row).CopyTo(inputs.RowSpan(filled));
        kept.GateUp.RowSpan(place).CopyTo(gateUpGradients.RowSpan(filled));
        kept.Activated.RowSpan(place).CopyTo(activated.RowSpan(filled));
        kept.OutputGradient.RowSpan(row).CopyTo(outputGradients.RowSpan(filled));
        filled++;
    }

    void Sum()
    {
        Sum(gateUpGradients, inputs, gateUpTotal);
        Sum(outputGradients, activated, downTotal);
        (filled, begun) = (0, true);
    }

    void Sum(RowBuffer dy, RowBuffer x, RowBuffer total) => GemmF32.Run(
        new GemmOperands
        {
            A = dy.Data,
            RowStepA = 1,
            TermStepA = dy.Stride,
            B = x.Data,
            StepB = x.Stride,
            C = total.Data,
            StepC = total.Stride,
            Rows = total.Rows,
            Columns = total.Columns,
            Terms = filled,
            Accumulate = begun,
        },
        form);
}
