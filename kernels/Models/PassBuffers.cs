using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;

namespace Harness.Kernels.Models;

/// <summary>What the kernels of a pass hand to one another, in a device's memory.</summary>
sealed class PassBuffers : IDisposable
{
    readonly IKernelDevice device;
    readonly Precision precision;
    readonly List<DeviceBuffer> buffers = [];

    /// <param name="device">Where they lie.</param>
    /// <param name="config">The model's shape.</param>
    /// <param name="precision">Arithmetic of the matrices, keys and values.</param>
    /// <param name="limits">Capacity of a pass; one more row of logits is kept.</param>
    public PassBuffers(IKernelDevice device, ModelConfig config, Precision precision, TransformerLimits limits)
    {
        this.device = device;
        this.precision = precision;
        try
        {
            int rows = limits.Rows, headPad = DeviceLayout.HeadWidth(config);
            Residual = Floats(rows, config.Width);
            Qkv = Floats(rows, config.QueryWidth + (2 * config.KvWidth));
            Queries = Allocate((long)rows * config.Heads * headPad);
            QueryScales = Floats(rows, config.Heads);
            Normed = Input(rows, config.Width);
            Mixed = Input(rows, config.QueryWidth);
            int feedForward = EveryRows(config);
            Activated = feedForward > 0 ? Input(rows, feedForward) : default;
            Last = Input(limits.LogitRows, config.Width);
            if (precision == Precision.W8A8)
            {
                Activations = Floats(LinearInt8Cuda.MostFewRows, DeviceLayout.QuantizedWidth(Math.Max(1, feedForward)));
                Counters = Floats(LinearInt8Cuda.Counters(LinearInt8Cuda.MostFewRows, 2 * Math.Max(1, feedForward)), 1);
            }
            Experts = config.Experts is { } experts ? OfExperts(config, experts, rows) : null;
            Logits = Floats(limits.LogitRows + 1, config.Vocabulary);
            Rows = new DeviceRows(Floats(rows, 1), Floats(rows, 1), Floats(rows, 1), Floats(rows, 1), Floats(rows, 1));
            Errors = Floats(1, 1);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The residual stream, float32 [rows, width].</summary>
    public DevicePointer Residual { get; }

    /// <summary>Queries, keys and values before they are turned, float32 [rows, query width + 2 key and value width].</summary>
    public DevicePointer Qkv { get; }

    /// <summary>w8a8: the turned queries, int8 [rows, heads, padded head width].</summary>
    public DevicePointer Queries { get; }

    /// <summary>w8a8: their scales, float32 [rows, heads].</summary>
    public DevicePointer QueryScales { get; }

    /// <summary>Normalised rows of the residual stream [rows, width].</summary>
    public DeviceInput Normed { get; }

    /// <summary>What attention gives [rows, query width].</summary>
    public DeviceInput Mixed { get; }

    /// <summary>What the gated activation gives [rows, feed-forward width].</summary>
    public DeviceInput Activated { get; }

    /// <summary>Normalised rows whose logits are wanted [logit rows, width].</summary>
    public DeviceInput Last { get; }

    /// <summary>w8a8: scratch of few rows' gated activation, float32 [8, feed-forward width], rounded up to whole blocks.</summary>
    public DevicePointer Activations { get; }

    /// <summary>w8a8: counters of few rows, zeros between kernels.</summary>
    public DevicePointer Counters { get; }

    /// <summary>Of a model with experts.</summary>
    public ExpertBuffers? Experts { get; }

    /// <summary>The rows of the next pass.</summary>
    public DeviceRows Rows { get; }

    /// <summary>float32 [logit rows + 1, vocabulary].</summary>
    public DevicePointer Logits { get; }

    /// <summary>int32 whose bits say what went wrong.</summary>
    public DevicePointer Errors { get; }

    /// <summary>Bytes of such buffers, about: a little for alignment is not in it.</summary>
    public static Int128 Bytes(ModelConfig config, Precision precision, TransformerLimits limits)
    {
        long qkvWidth = config.QueryWidth + (2L * config.KvWidth), headPad = DeviceLayout.HeadWidth(config);
        long row = (sizeof(float) * (config.Width + qkvWidth + config.Heads + 5)) + (config.Heads * headPad)
            + InputBytes(config.Width, precision) + InputBytes(config.QueryWidth, precision) + InputBytes(EveryRows(config), precision);
        Int128 scratch = precision == Precision.W8A8
            ? LinearInt8Cuda.MostFewRows * (long)sizeof(float) * DeviceLayout.QuantizedWidth(EveryRows(config))
            : 0;
        scratch += ExpertBytes(config, precision, limits.Rows);
        return scratch + (limits.Rows * (Int128)row) + (limits.LogitRows * (Int128)InputBytes(config.Width, precision))
            + ((limits.LogitRows + 1) * (Int128)config.Vocabulary * sizeof(float));
    }

    public void Dispose()
    {
        foreach (DeviceBuffer buffer in buffers)
            buffer.Dispose();
    }

    /// <summary>Width of the feed-forward that every row passes; 0: there is none.</summary>
    static int EveryRows(ModelConfig config) => config.Experts is { } experts ? experts.SharedFeedForward : config.FeedForward;

    static Int128 ExpertBytes(ModelConfig config, Precision precision, int rows)
    {
        if (config.Experts is not { } experts)
            return 0;
        Int128 row = sizeof(float) * (((experts.HasShared ? 2L : 1L) * config.Width) + experts.RouterOutputs);
        Int128 place = (sizeof(float) * (4L + config.Width)) + InputBytes(config.Width, precision)
            + InputBytes(config.FeedForward, precision);
        Int128 scratch = 0;
        if (precision == Precision.W8A8)
        {
            Int128 places = Math.Min(rows, ExpertRows.MostFew) * (Int128)experts.Active;
            scratch = sizeof(float) * ((places * DeviceLayout.QuantizedWidth(config.FeedForward))
                + LinearInt8ExpertsCuda.Counters(experts.Count, rows, 2 * config.FeedForward));
        }
        return scratch + (rows * (row + (experts.Active * place))) + (sizeof(int) * (experts.Count + 1));
    }

    ExpertBuffers OfExperts(ModelConfig config, ExpertShape experts, int rows)
    {
        int places = rows * experts.Active;
        bool quantized = precision == Precision.W8A8;
        return new ExpertBuffers
        {
            Normed = Floats(rows, config.Width),
            Logits = Floats(rows, experts.RouterOutputs),
            Chosen = Floats(places, 1),
            Factors = Floats(places, 1),
            Starts = Floats(experts.Count + 1, 1),
            Places = Floats(places, 1),
            RowOf = Floats(places, 1),
            Gathered = Input(places, config.Width),
            Activated = Input(places, config.FeedForward),
            Outputs = Floats(places, config.Width),
            Shared = experts.HasShared ? Floats(rows, config.Width) : default,
            Activations = quantized
                ? Floats(Math.Min(rows, ExpertRows.MostFew) * experts.Active, DeviceLayout.QuantizedWidth(config.FeedForward)) : default,
            Counters = quantized
                ? Allocate(sizeof(int) * LinearInt8ExpertsCuda.Counters(experts.Count, rows, 2 * config.FeedForward)) : default,
        };
    }

    static long InputBytes(int width, Precision precision) => precision switch
    {
        Precision.W8A8 => DeviceLayout.QuantizedWidth(width) + (sizeof(float) * DeviceLayout.Blocks(width)),
        Precision.Bf16 => sizeof(ushort) * DeviceLayout.QuantizedWidth(width),
        Precision.F32 => sizeof(float) * width,
        _ => throw Precisions.Unknown(precision),
    };

    DevicePointer Floats(int rows, int width) => Allocate(sizeof(float) * (long)rows * width);

    DevicePointer Allocate(long bytes)
    {
        DeviceBuffer buffer = device.Allocate(bytes, "buffers of a pass");
        buffers.Add(buffer);
        // Matrices read whole tiles, rows that are skipped among them.
        device.Fill(buffer.Start, 0, bytes);
        return buffer.Start;
    }

    DeviceInput Input(int rows, int width) => precision switch
    {
        Precision.W8A8 =>
            new DeviceInput(default, Allocate((long)rows * DeviceLayout.QuantizedWidth(width)), Floats(rows, DeviceLayout.Blocks(width))),
        Precision.Bf16 => new DeviceInput(Allocate(sizeof(ushort) * (long)rows * DeviceLayout.QuantizedWidth(width)), default, default),
        Precision.F32 => new DeviceInput(Floats(rows, width), default, default),
        _ => throw Precisions.Unknown(precision),
    };
}
