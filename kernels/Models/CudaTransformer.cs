using System.Runtime.InteropServices;
using Harness.Kernels.Attention;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Kernels.Embedding;
using Harness.Kernels.Linear;
using Harness.Kernels.RmsNorm;
using Harness.Kernels.RotaryEmbedding;

namespace Harness.Kernels.Models;

/// <summary>
/// A decoder-only transformer of the llama family on a device: <see cref="CpuTransformer"/>'s numbers, bit for bit, in the exact
/// precisions; bf16 is the GPU's own. A pass only starts kernels, in one order, so that it can be recorded.
/// </summary>
sealed class CudaTransformer : IDisposable
{
    /// <summary>Warps that hide each other's waiting.</summary>
    const int WarpsPerMultiprocessor = 8;

    /// <summary>
    /// Most outputs, for each multiprocessor, of a linear that normalises: with more, its blocks of threads take turns, and each would
    /// normalise anew.
    /// </summary>
    const int OutputsPerMultiprocessor = 32;

    readonly IKernelDevice device;
    readonly Precision precision;
    readonly ModelConfig config;
    readonly CudaWeights weights;
    readonly List<DeviceBuffer> buffers = [];
    readonly DevicePointer residual;
    readonly DevicePointer qkv;
    readonly DevicePointer queries;
    readonly DevicePointer queryScales;
    readonly DeviceInput normed;
    readonly DeviceInput mixed;
    readonly DeviceInput activated;
    readonly DeviceInput last;
    DeviceBuffer? cosines;
    DeviceBuffer? sines;
    int positions;

    /// <param name="device">Where it runs.</param>
    /// <param name="checkpoint">Read here, not kept.</param>
    /// <param name="precision">Arithmetic of the matrices, keys and values.</param>
    /// <param name="limits">Capacity of a pass; one more row of logits is kept.</param>
    /// <param name="workers">Threads that prepare the weights.</param>
    public CudaTransformer(IKernelDevice device, Checkpoint checkpoint, Precision precision, TransformerLimits limits, int workers)
    {
        this.device = device;
        this.precision = precision;
        config = checkpoint.Config;
        Limits = limits;
        weights = CudaWeights.Load(device, checkpoint, precision, workers);
        try
        {
            int rows = limits.Rows, headPad = DeviceLayout.HeadWidth(config);
            residual = Floats(rows, config.Width);
            qkv = Floats(rows, config.QueryWidth + (2 * config.KvWidth));
            queries = Allocate((long)rows * config.Heads * headPad);
            queryScales = Floats(rows, config.Heads);
            normed = Input(rows, config.Width);
            mixed = Input(rows, config.QueryWidth);
            activated = Input(rows, config.FeedForward);
            last = Input(limits.LogitRows, config.Width);
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

    public ModelConfig Config => config;

    public TransformerLimits Limits { get; }

    /// <summary>Bytes of the weights.</summary>
    public static Int128 WeightBytes(ModelConfig config, Precision precision) => CudaWeights.Bytes(config, precision);

    /// <summary>Bytes of a pass's buffers, about: a little for alignment is not in it.</summary>
    public static Int128 PassBytes(ModelConfig config, Precision precision, TransformerLimits limits)
    {
        long qkvWidth = config.QueryWidth + (2L * config.KvWidth), headPad = DeviceLayout.HeadWidth(config);
        long row = (sizeof(float) * (config.Width + qkvWidth + config.Heads + 5)) + (config.Heads * headPad)
            + InputBytes(config.Width, precision) + InputBytes(config.QueryWidth, precision) + InputBytes(config.FeedForward, precision);
        return (limits.Rows * (Int128)row) + (limits.LogitRows * (Int128)InputBytes(config.Width, precision))
            + ((limits.LogitRows + 1) * (Int128)config.Vocabulary * sizeof(float));
    }

    /// <summary>The rows of the next pass.</summary>
    public DeviceRows Rows { get; }

    /// <summary>float32 [logit rows + 1, vocabulary].</summary>
    public DevicePointer Logits { get; }

    /// <summary>A row of <see cref="Logits"/> that no pass writes.</summary>
    public int KeptLogits => Limits.LogitRows;

    /// <summary>int32 whose bits say what went wrong.</summary>
    public DevicePointer Errors { get; }

    /// <param name="errors">What <see cref="Errors"/> held.</param>
    /// <exception cref="HarnessException">It tells of a number that is not finite.</exception>
    public static void RequireFinite(int errors)
    {
        if (errors != 0)
            throw KernelCodes.WeightsNotFinite.With(
                "an activation or a logit of the model is NaN or infinite: the weights are damaged, or not of this architecture");
    }

    /// <summary>Tabulates the angles of positions below <paramref name="count"/>; no recorded pass may be kept from before.</summary>
    public void ReservePositions(int count)
    {
        if (count <= positions)
            return;
        positions = Math.Max(count, Math.Min(2 * count, config.ContextLength));
        using var table = new RotaryTable(config);
        table.Reserve(positions);
        device.Synchronize();
        cosines?.Dispose();
        sines?.Dispose();
        cosines = Table(table.Cosines);
        sines = Table(table.Sines);
    }

    /// <summary>Whether rows of a step, each of a sequence of its own, are so few that launches are what they cost.</summary>
    public bool AttendsInOneStep(int rows, int maxPages) => AttentionStepCuda.Suits(device.Facts, config, precision, rows, maxPages);

    /// <summary>Starts one pass: keys and values of every row, and the logits that are wanted.</summary>
    public void Forward(in DevicePass pass)
    {
        EmbeddingCuda.Run(device, new EmbeddingParameters
        {
            Table = weights.Embedding,
            Tokens = Rows.Tokens,
            Positions = Rows.Positions,
            Residual = residual,
            Width = config.Width,
            Rows = pass.Rows,
        });
        for (int index = 0; index < weights.Layers.Length; index++)
        {
            DeviceLayer layer = weights.Layers[index];
            NormaliseAndMultiply(layer.AttentionNorm, normed, pass.Rows, layer.Qkv, qkv, layer.Output);
            Attend(index, layer, pass);
            MultiplyAndAdd(mixed, pass.Rows, layer.Output, layer.Down);
            NormaliseAndActivate(
                layer.FeedForwardNorm,
                normed,
                pass.Rows,
                layer.GateUp,
                activated,
                index + 1 < weights.Layers.Length ? weights.Layers[index + 1].Qkv : default);
            MultiplyAndAdd(activated, pass.Rows, layer.Down, default);
        }
        if (pass.LogitRows == 0)
            return;
        if (pass.LogitRowOf == default)
        {
            NormaliseAndMultiply(weights.FinalNorm, last, pass.LogitRows, weights.Head, Logits, default);
            return;
        }
        Normalise(weights.FinalNorm, last, pass.LogitRows, pass.LogitRowOf);
        Multiply(last, pass.LogitRows, weights.Head, Logits, LinearEpilogue.Store, default, default, default);
    }

    public void Dispose()
    {
        foreach (DeviceBuffer buffer in buffers)
            buffer.Dispose();
        cosines?.Dispose();
        sines?.Dispose();
        weights.Dispose();
    }

    static long InputBytes(int width, Precision precision) => precision switch
    {
        Precision.W8A8 => DeviceLayout.QuantizedWidth(width) + (sizeof(float) * DeviceLayout.Blocks(width)),
        Precision.Bf16 => sizeof(ushort) * DeviceLayout.QuantizedWidth(width),
        Precision.F32 => sizeof(float) * width,
        _ => throw Precisions.Unknown(precision),
    };

    DeviceBuffer Table(ReadOnlySpan<float> values)
    {
        DeviceBuffer buffer = device.Allocate(sizeof(float) * (long)values.Length, "rotary angles");
        device.CopyToDevice(buffer.Start, MemoryMarshal.AsBytes(values));
        return buffer;
    }

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

    void Normalise(DevicePointer weight, DeviceInput output, int rows, DevicePointer rowOf = default) =>
        RmsNormCuda.Run(device, precision, new RmsNormParameters
        {
            X = residual,
            Weight = weight,
            RowOf = rowOf,
            Positions = Rows.Positions,
            Q = output.Q,
            Scales = output.Scales,
            Y = output.Values,
            Errors = Errors,
            Epsilon = config.NormEpsilon,
            Width = config.Width,
            Rows = rows,
        });

    /// <summary>
    /// y = norm(residual) W^T. Few rows, which wait for memory more than they compute, ask for the matrix <paramref name="ahead"/>
    /// meanwhile.
    /// </summary>
    void NormaliseAndMultiply(DevicePointer weight, DeviceInput x, int rows, DeviceMatrix matrix, DevicePointer y, DeviceMatrix ahead) =>
        NormaliseAndMultiply(weight, x, rows, matrix, y, LinearEpilogue.Store, default, ahead);

    /// <summary>output = silu(gate) * up, of the gates and ups of norm(residual).</summary>
    void NormaliseAndActivate(DevicePointer weight, DeviceInput x, int rows, DeviceMatrix matrix, DeviceInput output, DeviceMatrix ahead) =>
        NormaliseAndMultiply(weight, x, rows, matrix, output.Values, LinearEpilogue.SwiGlu, output, ahead);

    /// <summary>residual += x W^T.</summary>
    void MultiplyAndAdd(DeviceInput x, int rows, DeviceMatrix matrix, DeviceMatrix ahead) =>
        Multiply(x, rows, matrix, residual, LinearEpilogue.AddToResidual, default, Rows.Positions, ahead);

    /// <summary>Few rows are normalised by the linear itself, since each launch costs them more than the work done twice.</summary>
    void NormaliseAndMultiply(
        DevicePointer weight,
        DeviceInput x,
        int rows,
        DeviceMatrix matrix,
        DevicePointer y,
        LinearEpilogue epilogue,
        DeviceInput output,
        DeviceMatrix ahead)
    {
        if (precision == Precision.W8A8 && matrix.Outputs <= OutputsPerMultiprocessor * device.Facts.Multiprocessors
            && LinearInt8Cuda.CanNorm(device.Facts, rows, DeviceLayout.Blocks(matrix.Inputs)))
        {
            LinearInt8Cuda.RunNormed(device, Int8(default, rows, matrix, y, output, Rows.Positions, ahead) with
            {
                Residual = residual,
                NormWeight = weight,
                Epsilon = config.NormEpsilon,
                Width = config.Width,
            }, epilogue);
            return;
        }
        Normalise(weight, x, rows);
        Multiply(x, rows, matrix, y, epilogue, output, Rows.Positions, ahead);
    }

    /// <summary>The int8 weights of a matrix; none of no matrix.</summary>
    static DeviceAhead Ahead(DeviceMatrix matrix) => new(matrix.Weights, (long)matrix.Outputs * DeviceLayout.QuantizedWidth(matrix.Inputs));

    LinearInt8Parameters Int8(
        DeviceInput x,
        int rows,
        DeviceMatrix matrix,
        DevicePointer y,
        DeviceInput output,
        DevicePointer skipped,
        DeviceMatrix ahead) => new()
        {
            X = x.Q,
            XScales = x.Scales,
            Weights = matrix.Weights,
            WeightScales = matrix.Scales,
            Positions = skipped,
            Y = y,
            Q = output.Q,
            QScales = output.Scales,
            Errors = Errors,
            Ahead = Ahead(ahead),
            Rows = rows,
            Outputs = matrix.Outputs,
            Blocks = DeviceLayout.Blocks(matrix.Inputs),
            Ldy = matrix.Outputs,
        };

    /// <param name="skipped">Positions, negative of a row to leave alone; none where rows are not those of the pass.</param>
    void Multiply(
        DeviceInput x,
        int rows,
        DeviceMatrix matrix,
        DevicePointer y,
        LinearEpilogue epilogue,
        DeviceInput output,
        DevicePointer skipped,
        DeviceMatrix ahead)
    {
        switch (precision)
        {
            case Precision.W8A8:
                LinearInt8Cuda.Run(device, Int8(x, rows, matrix, y, output, skipped, ahead), epilogue);
                break;
            case Precision.Bf16:
                LinearBf16Cuda.Run(device, new LinearBf16Parameters
                {
                    X = x.Values,
                    Weights = matrix.Weights,
                    Positions = skipped,
                    Y = y,
                    Activations = output.Values,
                    Rows = rows,
                    Outputs = matrix.Outputs,
                    Blocks = DeviceLayout.Blocks(matrix.Inputs),
                    Ldy = matrix.Outputs,
                }, epilogue);
                break;
            default:
                LinearF32Cuda.Run(device, new LinearF32Parameters
                {
                    X = x.Values,
                    Weights = matrix.Weights,
                    Positions = skipped,
                    Y = y,
                    Rows = rows,
                    Outputs = matrix.Outputs,
                    Inputs = matrix.Inputs,
                    Ldy = epilogue == LinearEpilogue.SwiGlu ? matrix.Outputs / 2 : matrix.Outputs,
                }, epilogue);
                break;
        }
    }

    RotaryEmbeddingParameters Rotary(int index, in DeviceLayer layer, in DevicePass pass) => new()
    {
        Qkv = qkv,
        Bias = layer.QkvBias,
        QueryNorm = layer.QueryNorm,
        KeyNorm = layer.KeyNorm,
        Cosines = cosines!.Start,
        Sines = sines!.Start,
        Positions = Rows.Positions,
        Sequences = Rows.Sequences,
        Pages = pass.Table,
        Cache = pass.Cache,
        Q = queries,
        QueryScales = queryScales,
        Errors = Errors,
        Epsilon = config.NormEpsilon,
        Rows = pass.Rows,
        Heads = config.Heads,
        KvHeads = config.KvHeads,
        HeadWidth = config.HeadWidth,
        HeadPad = DeviceLayout.HeadWidth(config),
        Layers = config.Layers,
        Layer = index,
        MaxPages = pass.MaxPages,
    };

    void Attend(int index, in DeviceLayer layer, in DevicePass pass)
    {
        RotaryEmbeddingParameters rotary = Rotary(index, layer, pass);
        var parameters = new AttentionParameters
        {
            Cache = pass.Cache,
            Pages = pass.Table,
            Sequences = Rows.Sequences,
            Positions = Rows.Positions,
            FirstOwnChunks = Rows.FirstOwnChunk,
            Items = pass.Items,
            ItemCount = pass.ItemCount,
            Q = queries,
            QueryScales = queryScales,
            Queries = qkv,
            Partials = pass.Partials,
            MixedQ = mixed.Q,
            MixedScales = mixed.Scales,
            Mixed = mixed.Values,
            Errors = Errors,
            Rows = pass.Rows,
            Heads = config.Heads,
            KvHeads = config.KvHeads,
            HeadWidth = config.HeadWidth,
            HeadPad = DeviceLayout.HeadWidth(config),
            Layers = config.Layers,
            Layer = index,
            MaxPages = pass.MaxPages,
            QueryStride = config.QueryWidth + (2 * config.KvWidth),
        };
        bool together = pass.Own && AttendsInOneStep(pass.Rows, pass.MaxPages);
        if (together && pass.ItemCapacity == 0)
        {
            AttentionStepCuda.Run(
                device, new AttentionStepParameters { Attention = parameters, Rotary = rotary, Ahead = Ahead(layer.GateUp) });
            return;
        }
        RotaryEmbeddingCuda.Run(device, precision, rotary);
        if (pass.ItemCapacity > 0)
            AttentionCuda.RunShared(device, precision, parameters, pass.ItemCapacity);
        if (together)
        {
            AttentionStepCuda.Run(device, new AttentionStepParameters { Attention = parameters });
            return;
        }
        if (pass.Own)
            AttentionCuda.RunOwn(device, precision, parameters, Splits(pass));
        AttentionCuda.Combine(device, precision, parameters);
    }

    /// <summary>Into how many a row's own chunks are split, so that few rows still keep every multiprocessor busy.</summary>
    int Splits(in DevicePass pass) =>
        Math.Clamp(device.Facts.Multiprocessors * WarpsPerMultiprocessor / Math.Max(1, pass.Rows * config.KvHeads), 1, pass.MaxPages);
}
