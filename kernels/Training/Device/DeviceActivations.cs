using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;

namespace Harness.Kernels.Training.Device;

/// <summary>What the forward pass of a micro-batch leaves in one pass of a layer for the backward pass; float32.</summary>
/// <param name="AttentionInput">The residual stream as it comes in [rows, width].</param>
/// <param name="AttentionNormed">[rows, width].</param>
/// <param name="Qkv">Queries, keys and values, the first two turned.</param>
/// <param name="Maxima">Of each row, head and chunk of 64 keys the largest score.</param>
/// <param name="Factors">As <paramref name="Maxima"/>: what makes probabilities of exponentials.</param>
/// <param name="Mixed">[rows, query width].</param>
/// <param name="FeedForwardInput">The residual stream after attention [rows, width].</param>
/// <param name="FeedForwardNormed">[rows, width].</param>
/// <param name="GateUp">[rows, 2 feed-forward widths]; then its gradient. A mixture has a row for each place of its experts.</param>
/// <param name="Activated">[rows, feed-forward width], of a mixture as <paramref name="GateUp"/>.</param>
readonly record struct DeviceLayerActivations(
    DevicePointer AttentionInput,
    DevicePointer AttentionNormed,
    DevicePointer Qkv,
    DevicePointer Maxima,
    DevicePointer Factors,
    DevicePointer Mixed,
    DevicePointer FeedForwardInput,
    DevicePointer FeedForwardNormed,
    DevicePointer GateUp,
    DevicePointer Activated);

/// <summary>How many numbers a micro-batch needs at most.</summary>
/// <param name="Rows">Padding among them.</param>
/// <param name="RowChunks">Rows, each times the chunks of 64 of its sequence.</param>
/// <param name="BatchRows">Of the whole batch.</param>
/// <param name="MicroBatches">Of the whole batch.</param>
/// <param name="LongestSequence">Rows.</param>
readonly record struct DeviceNeed(int Rows, long RowChunks, int BatchRows, int MicroBatches, int LongestSequence)
{
    /// <summary>What a batch needs.</summary>
    public static DeviceNeed Of(BatchRows batch) => new(
        batch.LargestMicroBatch,
        batch.MicroBatches.Max(part => (long)part.Rows * PageSize.PagesFor(part.RowsPerSequence)),
        batch.Rows,
        batch.MicroBatches.Count,
        batch.LongestSequence);

    /// <summary>Enough for either.</summary>
    public DeviceNeed Max(DeviceNeed other) => new(
        Math.Max(Rows, other.Rows),
        Math.Max(RowChunks, other.RowChunks),
        Math.Max(BatchRows, other.BatchRows),
        Math.Max(MicroBatches, other.MicroBatches),
        Math.Max(LongestSequence, other.LongestSequence));
}

/// <summary>A micro-batch's numbers on its way through the model, and a batch's rows, in one piece of a device's memory.</summary>
sealed class DeviceActivations : IDisposable
{
    readonly DeviceBuffer memory;
    long taken;

    /// <param name="device">Where they lie.</param>
    /// <param name="config">The model.</param>
    /// <param name="need">Of the largest micro-batch and batch.</param>
    /// <param name="loops">The most times that the layers are passed.</param>
    public DeviceActivations(IKernelDevice device, ModelConfig config, DeviceNeed need, int loops)
    {
        Need = need;
        int multiprocessors = device.Facts.Multiprocessors;
        memory = device.Allocate((long)Bytes(config, need, loops, multiprocessors), "activations");
        int rows = need.Rows, qkv = config.QueryWidth + (2 * config.KvWidth);
        long places = (long)rows * Passes(config);
        Layers = [.. Enumerable.Range(0, config.Layers * loops).Select(_ => new DeviceLayerActivations(
            Rows(rows, config.Width),
            Rows(rows, config.Width),
            Rows(rows, qkv),
            Rows(need.RowChunks, config.Heads),
            Rows(need.RowChunks, config.Heads),
            Rows(rows, config.QueryWidth),
            Rows(rows, config.Width),
            Rows(rows, config.Width),
            Rows(places, 2 * config.FeedForward),
            Rows(places, config.FeedForward)))];
        FinalInput = Rows(rows, config.Width);
        FinalNormed = Rows(rows, config.Width);
        Logits = Rows(rows, config.Vocabulary);
        Delta = Rows(rows, config.Width);
        Stream = Rows(rows, config.Width);
        Parts = Rows(rows, config.Width);
        PartBlocks = Rows(RowSumsCuda.Blocks(rows), config.Width);
        ActivatedGradient = Rows(places, config.FeedForward);
        MixedGradient = Rows(rows, config.QueryWidth);
        Dots = Rows(rows, config.Heads);
        long floats = BlockFloats(config, rows, multiprocessors);
        Blocks = floats == 0 ? default : Rows(floats, 1);
        QkvGradient = Rows(rows, qkv);
        Cosines = Rows(need.LongestSequence, config.HeadWidth / 2);
        Sines = Rows(need.LongestSequence, config.HeadWidth / 2);
        Inputs = Rows(need.BatchRows, 1);
        Labels = Rows(need.BatchRows, 1);
        Factors = Rows(need.BatchRows, 1);
        LogProbabilities = Rows(need.BatchRows, 1);
        TokenRows = Rows(TokenRowsLength(need), 1);
        if (config.Experts is not null)
            (ExpertLayers, LeftRows, Experts) = TakeExperts(config, need, loops, Rows);
    }

    public DeviceNeed Need { get; }

    /// <summary>Of each pass of each layer, the first pass of all before the second.</summary>
    public DeviceLayerActivations[] Layers { get; }

    /// <summary>As <see cref="Layers"/>; none in a dense model.</summary>
    public DeviceExpertActivations[] ExpertLayers { get; } = [];

    /// <summary>As <see cref="Layers"/>; none in a dense model.</summary>
    public DeviceLeftRows[] LeftRows { get; } = [];

    /// <summary>Null in a dense model.</summary>
    public DeviceExpertScratch? Experts { get; }

    /// <summary>The residual stream after all layers [rows, width].</summary>
    public DevicePointer FinalInput { get; }

    public DevicePointer FinalNormed { get; }

    /// <summary>[rows, vocabulary]; then their gradients.</summary>
    public DevicePointer Logits { get; }

    /// <summary>What a matrix adds to the residual stream, or the gradient of a norm's output [rows, width].</summary>
    public DevicePointer Delta { get; }

    /// <summary>Gradient of the residual stream [rows, width].</summary>
    public DevicePointer Stream { get; }

    /// <summary>The rows' parts of a norm's gradient [rows, width].</summary>
    public DevicePointer Parts { get; }

    /// <summary>Their sums by 64 rows.</summary>
    public DevicePointer PartBlocks { get; }

    public DevicePointer ActivatedGradient { get; }

    public DevicePointer MixedGradient { get; }

    /// <summary>[rows, heads].</summary>
    public DevicePointer Dots { get; }

    /// <summary>Scratch of the sums over rows; null where there are none apart.</summary>
    public DevicePointer Blocks { get; }

    public DevicePointer QkvGradient { get; }

    /// <summary>[positions, half the head's width].</summary>
    public DevicePointer Cosines { get; }

    /// <summary>[positions, half the head's width].</summary>
    public DevicePointer Sines { get; }

    /// <summary>int32 [batch rows]: tokens.</summary>
    public DevicePointer Inputs { get; }

    /// <summary>int32 [batch rows]; negative where a row counts nothing.</summary>
    public DevicePointer Labels { get; }

    /// <summary>float32 [batch rows]: each row's share of the loss.</summary>
    public DevicePointer Factors { get; }

    /// <summary>float32 [batch rows].</summary>
    public DevicePointer LogProbabilities { get; }

    /// <summary>int32: of each micro-batch the rows of each token, one micro-batch behind another.</summary>
    public DevicePointer TokenRows { get; }

    /// <summary>Bytes of such numbers.</summary>
    public static Int128 Bytes(ModelConfig config, DeviceNeed need, int loops, int multiprocessors)
    {
        Int128 Of(long count, long width) => Aligned(sizeof(float) * (Int128)count * width);
        Int128 width = Of(need.Rows, config.Width), query = Of(need.Rows, config.QueryWidth);
        Int128 qkv = Of(need.Rows, config.QueryWidth + (2L * config.KvWidth));
        long places = (long)need.Rows * Passes(config);
        Int128 wide = Of(places, config.FeedForward), experts = 0;
        Int128 layer = (4 * width) + qkv + (2 * Of(need.RowChunks, config.Heads)) + query + Of(places, 2L * config.FeedForward) + wide;
        if (config.Experts is not null)
            TakeExperts(config, need, loops, (count, columns) =>
            {
                experts += Of(count, columns);
                return default;
            });
        return (config.Layers * (Int128)loops * layer) + (5 * width) + Of(need.Rows, config.Vocabulary)
            + Of(RowSumsCuda.Blocks(need.Rows), config.Width) + wide + query + Of(need.Rows, config.Heads) + qkv
            + (2 * Of(need.LongestSequence, config.HeadWidth / 2)) + (4 * Of(need.BatchRows, 1)) + Of(TokenRowsLength(need), 1)
            + Of(BlockFloats(config, need.Rows, multiprocessors), 1) + experts;
    }

    public void Dispose() => memory.Dispose();

    /// <summary>Of the matrix that needs most, in micro-batches of any size up to the largest.</summary>
    static long BlockFloats(ModelConfig config, int rows, int multiprocessors)
    {
        (int Outputs, int Inputs)[] matrices =
        [
            (config.Vocabulary, config.Width), (config.QueryWidth + (2 * config.KvWidth), config.Width), (config.Width, config.QueryWidth),
            .. config.Experts is { } experts
                ? new[] { (experts.Count, config.Width) }
                : [(2 * config.FeedForward, config.Width), (config.Width, config.FeedForward)],
        ];
        return matrices.Max(matrix => GemmF32Cuda.BlockFloats(matrix.Outputs, matrix.Inputs, rows, multiprocessors));
    }

    /// <summary>Feed-forwards that a row passes.</summary>
    static int Passes(ModelConfig config) => config.Experts?.Active ?? 1;

    static (DeviceExpertActivations[] Layers, DeviceLeftRows[] Left, DeviceExpertScratch Scratch) TakeExperts(
        ModelConfig config, DeviceNeed need, int loops, TakeRows take)
    {
        int passes = config.Layers * loops;
        return (
            [.. Enumerable.Range(0, passes).Select(_ => DeviceExpertActivations.Take(config.Experts!, need.Rows, take))],
            [.. Enumerable.Range(0, passes).Select(_ => DeviceLeftRows.Take(config, need.MicroBatches > 1, take))],
            DeviceExpertScratch.Take(config, need, take));
    }

    static long TokenRowsLength(DeviceNeed need) => (3L * need.BatchRows) + need.MicroBatches;

    static Int128 Aligned(Int128 bytes) => (bytes + DeviceLayout.Alignment - 1) / DeviceLayout.Alignment * DeviceLayout.Alignment;

    DevicePointer Rows(long count, int width)
    {
        DevicePointer start = memory.Start + taken;
        taken += (long)Aligned(sizeof(float) * (Int128)count * width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(taken, memory.Bytes);
        return start;
    }
}
