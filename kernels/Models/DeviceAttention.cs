using Harness.Kernels.Attention;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.RotaryEmbedding;

namespace Harness.Kernels.Models;

/// <summary>
/// Starts the attention of one layer: queries and keys are turned, keys and values stored, and each row attends to the chunks that several
/// rows share and to its own.
/// </summary>
/// <param name="device">Where it works.</param>
/// <param name="config">The model's shape.</param>
/// <param name="precision">How keys and values are stored.</param>
/// <param name="buffers">Of the pass.</param>
sealed class DeviceAttention(IKernelDevice device, ModelConfig config, Precision precision, PassBuffers buffers)
{
    /// <summary>Warps that hide each other's waiting.</summary>
    const int WarpsPerMultiprocessor = 8;

    /// <summary>Whether rows of a step, each of a sequence of its own, are so few that launches are what they cost.</summary>
    public bool InOneStep(int rows, int maxPages) => AttentionStepCuda.Suits(device.Facts, config, precision, rows, maxPages);

    /// <param name="index">The layer, 0-based.</param>
    /// <param name="layer">Its weights.</param>
    /// <param name="pass">The rows and their pages.</param>
    /// <param name="angles">Of all positions of the pass.</param>
    public void Attend(int index, in DeviceLayer layer, in DevicePass pass, (DevicePointer Cosines, DevicePointer Sines) angles)
    {
        RotaryEmbeddingParameters rotary = Rotary(index, layer, pass, angles);
        var parameters = new AttentionParameters
        {
            Cache = pass.Cache,
            Pages = pass.Table,
            Sequences = buffers.Rows.Sequences,
            Positions = buffers.Rows.Positions,
            FirstOwnChunks = buffers.Rows.FirstOwnChunk,
            Items = pass.Items,
            ItemCount = pass.ItemCount,
            Q = buffers.Queries,
            QueryScales = buffers.QueryScales,
            Queries = buffers.Qkv,
            Partials = pass.Partials,
            MixedQ = buffers.Mixed.Q,
            MixedScales = buffers.Mixed.Scales,
            Mixed = buffers.Mixed.Values,
            Errors = buffers.Errors,
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
        bool together = pass.Own && InOneStep(pass.Rows, pass.MaxPages);
        if (together && pass.ItemCapacity == 0)
        {
            AttentionStepCuda.Run(
                device, new AttentionStepParameters { Attention = parameters, Rotary = rotary, Ahead = DeviceLinears.Ahead(layer.GateUp) });
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

    RotaryEmbeddingParameters Rotary(
        int index, in DeviceLayer layer, in DevicePass pass, (DevicePointer Cosines, DevicePointer Sines) angles) => new()
        {
            Qkv = buffers.Qkv,
            Bias = layer.QkvBias,
            QueryNorm = layer.QueryNorm,
            KeyNorm = layer.KeyNorm,
            Cosines = angles.Cosines,
            Sines = angles.Sines,
            Positions = buffers.Rows.Positions,
            Sequences = buffers.Rows.Sequences,
            Pages = pass.Table,
            Cache = pass.Cache,
            Q = buffers.Queries,
            QueryScales = buffers.QueryScales,
            Errors = buffers.Errors,
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

    /// <summary>Into how many a row's own chunks are split, so that few rows still keep every multiprocessor busy.</summary>
    int Splits(in DevicePass pass) =>
        Math.Clamp(device.Facts.Multiprocessors * WarpsPerMultiprocessor / Math.Max(1, pass.Rows * config.KvHeads), 1, pass.MaxPages);
}
