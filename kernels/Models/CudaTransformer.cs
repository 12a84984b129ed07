using System.Runtime.InteropServices;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Kernels.Embedding;
using Harness.Kernels.RotaryEmbedding;

namespace Harness.Kernels.Models;

/// <summary>
/// A decoder-only transformer of the llama family on a device: <see cref="CpuTransformer"/>'s numbers, bit for bit, in the exact
/// precisions; bf16 is the GPU's own. A pass only starts kernels, in one order, so that it can be recorded.
/// </summary>
sealed class CudaTransformer : IDisposable
{
    readonly IKernelDevice device;
    readonly ModelConfig config;
    readonly CudaWeights weights;
    readonly PassBuffers buffers;
    readonly DeviceLinears linears;
    readonly DeviceAttention attention;
    readonly DeviceExperts? experts;
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
        config = checkpoint.Config;
        Limits = limits;
        weights = CudaWeights.Load(device, checkpoint, precision, workers);
        try
        {
            buffers = new PassBuffers(device, config, precision, limits);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
        linears = new DeviceLinears(device, config, precision, buffers);
        attention = new DeviceAttention(device, config, precision, buffers);
        experts = config.Experts is null ? null : new DeviceExperts(device, config, precision, buffers, linears);
    }

    public ModelConfig Config => config;

    public TransformerLimits Limits { get; }

    /// <summary>Bytes of the weights.</summary>
    public static Int128 WeightBytes(ModelConfig config, Precision precision) => CudaWeights.Bytes(config, precision);

    /// <summary>Bytes of a pass's buffers, about: a little for alignment is not in it.</summary>
    public static Int128 PassBytes(ModelConfig config, Precision precision, TransformerLimits limits) =>
        PassBuffers.Bytes(config, precision, limits);

    /// <summary>The rows of the next pass.</summary>
    public DeviceRows Rows => buffers.Rows;

    /// <summary>float32 [logit rows + 1, vocabulary].</summary>
    public DevicePointer Logits => buffers.Logits;

    /// <summary>A row of <see cref="Logits"/> that no pass writes.</summary>
    public int KeptLogits => Limits.LogitRows;

    /// <summary>int32 whose bits say what went wrong.</summary>
    public DevicePointer Errors => buffers.Errors;

    /// <param name="errors">What <see cref="Errors"/> held.</param>
    /// <exception cref="HarnessException">It tells of a number that is not finite.</exception>
    public static void RequireFinite(int errors)
    {
        if (errors != 0)
            throw KernelCodes.WeightsNotFinite.With(
                "an activation or a logit of the model, or its quotient by the temperature, is NaN or infinite: "
                + "the weights are damaged, or not of this architecture");
    }

    /// <summary>The table of rotary angles: a recorded pass serves as long as it is there.</summary>
    public (DevicePointer Cosines, DevicePointer Sines) Angles => (cosines?.Start ?? default, sines?.Start ?? default);

    /// <summary>Tabulates the angles of positions below <paramref name="count"/>; <see cref="Angles"/> may lie elsewhere then.</summary>
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
    public bool AttendsInOneStep(int rows, int maxPages) => attention.InOneStep(rows, maxPages);

    /// <summary>Starts one pass: keys and values of every row, and the logits that are wanted.</summary>
    public void Forward(in DevicePass pass)
    {
        EmbeddingCuda.Run(device, new EmbeddingParameters
        {
            Table = weights.Embedding,
            Tokens = Rows.Tokens,
            Positions = Rows.Positions,
            Residual = buffers.Residual,
            Width = config.Width,
            Rows = pass.Rows,
        });
        bool ofAllRows = pass.LogitRowOf == default && pass.LogitRows == pass.Rows;
        linears.Normalise(weights.Layers[0].AttentionNorm, buffers.Normed, pass.Rows);
        for (int index = 0; index < weights.Layers.Length; index++)
        {
            DeviceLayer layer = weights.Layers[index];
            DeviceLayer? next = index + 1 < weights.Layers.Length ? weights.Layers[index + 1] : null;
            linears.Multiply(buffers.Normed, pass.Rows, layer.Qkv, buffers.Qkv, layer.Output);
            attention.Attend(index, layer, pass, Angles);
            DevicePointer nextNorm = next?.AttentionNorm ?? (ofAllRows ? weights.FinalNorm : default);
            DeviceInput nextNormed = next is null ? buffers.Last : buffers.Normed;
            if (experts is not null)
            {
                linears.AddAndNormalise(buffers.Mixed, pass.Rows, layer.Output, default, default, default);
                experts.Add(layer, pass.Rows);
                if (nextNorm != default)
                    linears.Normalise(nextNorm, nextNormed, pass.Rows);
                continue;
            }
            linears.AddAndNormalise(buffers.Mixed, pass.Rows, layer.Output, layer.FeedForwardNorm, buffers.Normed, layer.Down);
            linears.Activate(buffers.Normed, pass.Rows, layer.GateUp, buffers.Activated, next?.Qkv ?? default);
            linears.AddAndNormalise(buffers.Activated, pass.Rows, layer.Down, nextNorm, nextNormed, default);
        }
        if (pass.LogitRows == 0)
            return;
        if (ofAllRows)
        {
            linears.Multiply(buffers.Last, pass.Rows, weights.Head, buffers.Logits, default);
            return;
        }
        linears.Normalise(weights.FinalNorm, buffers.Last, pass.LogitRows, pass.LogitRowOf);
        linears.MultiplyAll(buffers.Last, pass.LogitRows, weights.Head, buffers.Logits);
    }

    public void Dispose()
    {
        buffers.Dispose();
        cosines?.Dispose();
        sines?.Dispose();
        weights.Dispose();
    }

    DeviceBuffer Table(ReadOnlySpan<float> values)
    {
        DeviceBuffer buffer = device.Allocate(sizeof(float) * (long)values.Length, "rotary angles");
        device.CopyToDevice(buffer.Start, MemoryMarshal.AsBytes(values));
        return buffer;
    }
}
