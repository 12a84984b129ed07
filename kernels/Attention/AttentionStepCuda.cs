using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;
using Harness.Kernels.RotaryEmbedding;

namespace Harness.Kernels.Attention;

/// <summary>Parameters of the kernels of AttentionStep.cuh, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AttentionStepParameters
{
    public AttentionParameters Attention;

    /// <summary>What finishes the same rows; with no rows, where queries, keys and values are finished already.</summary>
    public RotaryEmbeddingParameters Rotary;

    /// <summary>Memory that the next kernels read.</summary>
    internal DeviceAhead Ahead;
}

/// <summary>
/// Starts the kernels of AttentionStep.cuh: what <see cref="RotaryEmbeddingCuda"/>, <see cref="AttentionCuda"/>'s own chunks and its
/// combination do, in one launch, for the few rows of a decode step, no two of them of one sequence.
/// </summary>
public static class AttentionStepCuda
{
    const int WarpLanes = 32;
    const int MostWarps = 16, LeastWarps = 4;

    /// <summary>Blocks that a multiprocessor is given before it is busy enough without this form.</summary>
    const int BlocksPerMultiprocessor = 2;

    /// <summary>Chunks that a block's warps take in turns; more are split over blocks, which this form does not do.</summary>
    const int MostChunks = 4 * MostWarps;

    static readonly KernelName Int8 = new("AttentionStep", "attention_step_int8");
    static readonly KernelName Int8Of64 = new("AttentionStep64", "attention_step_int8_64");
    static readonly KernelName Int8Of128 = new("AttentionStep128", "attention_step_int8_128");

    /// <summary>Whether a model has this form: the heads that read one key head fill whole blocks of 64 outputs.</summary>
    public static bool Has(ModelConfig config, Precision precision) =>
        precision == Precision.W8A8 && config.Heads / config.KvHeads * config.HeadWidth % QuantizedRows.BlockInputs == 0;

    /// <summary>Whether a step of so many rows gains by this form, and has it.</summary>
    public static bool Suits(DeviceFacts device, ModelConfig config, Precision precision, int rows, int maxPages) =>
        Has(config, precision) && maxPages <= MostChunks
        && (long)rows * config.KvHeads <= (long)BlocksPerMultiprocessor * device.Multiprocessors
        && Warps(device, DeviceLayout.HeadWidth(config), maxPages) >= LeastWarps;

    /// <summary>Needs what <see cref="Suits"/> asks for, but for the number of rows.</summary>
    public static void Run(IKernelDevice device, in AttentionStepParameters parameters)
    {
        AttentionParameters attention = parameters.Attention;
        KernelName kernel = Kernel(attention.HeadPad);
        int blocks = attention.Rows * attention.KvHeads, warps = Warps(device.Facts, attention.HeadPad, attention.MaxPages);
        // All blocks at once, if need be of fewer warps.
        while (warps > LeastWarps
            && blocks > device.Facts.Multiprocessors
            * (device.Facts.SharedBytesPerBlock / (warps * AttentionCuda.WarpBytes(attention.HeadPad))))
            warps = Math.Max(LeastWarps, warps / 2);
        device.Launch(kernel, new LaunchShape(blocks, warps * WarpLanes, warps * AttentionCuda.WarpBytes(attention.HeadPad)), parameters);
    }

    /// <summary>The kernel of heads of a padded width.</summary>
    public static KernelName Kernel(int headPad) => headPad switch
    {
        64 => Int8Of64,
        128 => Int8Of128,
        _ => Int8,
    };

    /// <summary>A warp a chunk, as far as shared memory goes.</summary>
    static int Warps(DeviceFacts device, int headPad, int maxPages) =>
        Math.Min(Math.Clamp(maxPages, LeastWarps, MostWarps), device.SharedBytesPerBlock / AttentionCuda.WarpBytes(headPad));
}
