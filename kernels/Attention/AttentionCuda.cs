using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.KvCache;
using Harness.Kernels.Linear;

namespace Harness.Kernels.Attention;

/// <summary>Parameters of the kernels of attention; Attention.cuh has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AttentionParameters
{
    /// <summary>Pages of keys and values.</summary>
    public DevicePointer Cache;

    /// <summary>int32 [sequences, maxPages].</summary>
    public DevicePointer Pages;

    /// <summary>int32 [rows]: the row of the page table.</summary>
    public DevicePointer Sequences;

    /// <summary>int32 [rows]: a negative one skips its row.</summary>
    public DevicePointer Positions;

    /// <summary>int32 [rows]: the chunks before it are among the items. A null pointer means 0.</summary>
    public DevicePointer FirstOwnChunks;

    /// <summary>int32 [items, 4]: page, chunk, first row, rows. Together they name each row's shared chunks once.</summary>
    public DevicePointer Items;

    /// <summary>int32: how many items there are, at most as many as are launched.</summary>
    public DevicePointer ItemCount;

    /// <summary>int8 [rows, heads, headPad] (int8 form).</summary>
    public DevicePointer Q;

    /// <summary>float32 [rows, heads] (int8 form): scale / sqrt(headWidth).</summary>
    public DevicePointer QueryScales;

    /// <summary>float32 [rows, queryStride], the heads' queries first (f32 and bf16 forms).</summary>
    public DevicePointer Queries;

    /// <summary>float32 [rows, heads, maxPages, headPad + 2]: scratch.</summary>
    public DevicePointer Partials;

    /// <summary>int8 [rows, blocks * 64] over all heads' outputs, padded with 0 (int8 form).</summary>
    public DevicePointer MixedQ;

    /// <summary>float32 [rows, blocks] (int8 form).</summary>
    public DevicePointer MixedScales;

    /// <summary>float32 [rows, heads * headWidth] (f32 form); bf16 [rows, blocks * 64], padded with 0 (bf16 form).</summary>
    public DevicePointer Mixed;

    /// <summary>int32 whose bits say what went wrong.</summary>
    public DevicePointer Errors;

    public int Rows;
    public int Heads;
    public int KvHeads;

    /// <summary>Even.</summary>
    public int HeadWidth;

    /// <summary><see cref="HeadWidth"/> rounded up to 32.</summary>
    public int HeadPad;

    public int Layers;
    public int Layer;
    public int MaxPages;
    public int QueryStride;
}

/// <summary>
/// Starts the kernels of attention: <see cref="AttentionCpu"/> on a GPU. Chunks that one row reads alone, and chunks that several rows read
/// together, leave partial results, which are combined then.
/// </summary>
public static class AttentionCuda
{
    const int WarpLanes = 32;
    const int Warps = 4;

    /// <summary>Padded width of the heads of which a warp takes several.</summary>
    const int SmallHead = 32;

    const int SmallTasks = 4;
    const int SharedBytesGranted = 48 << 10;

    /// <summary>Queries, which are rows times the query heads of a key head, that a warp takes at once of a shared chunk.</summary>
    const int TileQueries = 16;

    /// <summary>Query heads that a warp takes at once of a chunk of its own.</summary>
    const int MostHeads = 4;

    static readonly KernelName OwnInt8 = new("AttentionOwn", "attention_own_int8");
    static readonly KernelName OwnInt8Of64 = new("AttentionOwn64", "attention_own_int8_64");
    static readonly KernelName OwnInt8Of128 = new("AttentionOwn128", "attention_own_int8_128");
    static readonly KernelName OwnSmallInt8 = new("AttentionOwn", "attention_own_small_int8");
    static readonly KernelName OwnSingle = new("AttentionOwn", "attention_own_f32");
    static readonly KernelName OwnBf16 = new("AttentionOwn", "attention_own_bf16");
    static readonly KernelName SharedInt8 = new("AttentionShared", "attention_shared_int8");
    static readonly KernelName SharedSingle = new("AttentionShared", "attention_shared_f32");
    static readonly KernelName SharedBf16 = new("AttentionShared", "attention_shared_bf16");
    static readonly KernelName CombineInt8 = new("AttentionCombine", "attention_combine_int8");
    static readonly KernelName CombineSingle = new("AttentionCombine", "attention_combine_f32");
    static readonly KernelName CombineBf16 = new("AttentionCombine", "attention_combine_bf16");

    /// <inheritdoc cref="RunOwnInt8"/>
    public static void RunOwn(IKernelDevice device, Precision precision, in AttentionParameters parameters, int splits)
    {
        switch (precision)
        {
            case Precision.W8A8:
                RunOwnInt8(device, parameters, splits);
                break;
            case Precision.Bf16:
                RunOwnBf16(device, parameters, splits);
                break;
            default:
                RunOwnSingle(device, parameters, splits);
                break;
        }
    }

    /// <inheritdoc cref="RunSharedInt8"/>
    public static void RunShared(IKernelDevice device, Precision precision, in AttentionParameters parameters, int items)
    {
        switch (precision)
        {
            case Precision.W8A8:
                RunSharedInt8(device, parameters, items);
                break;
            case Precision.Bf16:
                RunSharedBf16(device, parameters, items);
                break;
            default:
                RunSharedSingle(device, parameters, items);
                break;
        }
    }

    /// <summary>Combines the partial results of every chunk of each row into what the output matrix reads.</summary>
    public static void Combine(IKernelDevice device, Precision precision, in AttentionParameters parameters)
    {
        switch (precision)
        {
            case Precision.W8A8:
                CombineToInt8(device, parameters);
                break;
            case Precision.Bf16:
                CombineToBf16(device, parameters);
                break;
            default:
                CombineToSingle(device, parameters);
                break;
        }
    }

    /// <summary>The kernel of a row's own chunks, of heads of a padded width.</summary>
    public static KernelName OwnKernel(Precision precision, int headPad) => (precision, headPad) switch
    {
        (Precision.F32, _) => OwnSingle,
        (Precision.Bf16, _) => OwnBf16,
        (_, SmallHead) => OwnSmallInt8,
        (_, 64) => OwnInt8Of64,
        (_, 128) => OwnInt8Of128,
        _ => OwnInt8,
    };

    /// <summary>Rows of one item that keep a block's warps busy, a multiple of 16.</summary>
    public static int RowsOfItem(int heads, int kvHeads) =>
        Math.Max(TileQueries, Warps * TileQueries / (heads / kvHeads) / TileQueries * TileQueries);

    /// <summary>Attends to the chunks of each row from its first own one on.</summary>
    /// <param name="splits">Blocks that share a row's chunks: as many as the longest row has is the fastest where rows are few.</param>
    public static void RunOwnInt8(IKernelDevice device, in AttentionParameters parameters, int splits)
    {
        KernelName kernel = OwnKernel(Precision.W8A8, parameters.HeadPad);
        if (parameters.HeadPad == SmallHead)
        {
            device.Launch(
                kernel,
                Shape(parameters.Rows * parameters.KvHeads, Warps * SmallTasks, splits, 0) with { Threads = Warps * WarpLanes },
                parameters);
            return;
        }
        int warpBytes = WarpBytes(parameters.HeadPad), warps = Math.Clamp(SharedBytesGranted / warpBytes, 1, Warps);
        device.Launch(kernel, Shape(parameters.Rows * parameters.KvHeads, warps, splits, warps * warpBytes), parameters);
    }

    /// <inheritdoc cref="RunOwnInt8"/>
    public static void RunOwnSingle(IKernelDevice device, in AttentionParameters parameters, int splits)
    {
        int warpBytes = MostHeads * HeadShape.Chunk * sizeof(float);
        device.Launch(OwnSingle, Shape(parameters.Rows * parameters.KvHeads, Warps, splits, Warps * warpBytes), parameters);
    }

    /// <summary>Keys and values in bf16; queries and arithmetic in float32, operation by operation those of the f32 form.</summary>
    /// <inheritdoc cref="RunOwnInt8"/>
    public static void RunOwnBf16(IKernelDevice device, in AttentionParameters parameters, int splits)
    {
        int warpBytes = HeadShape.Chunk * ((2 * sizeof(ushort) * parameters.HeadPad) + (MostHeads * sizeof(float)));
        int warps = Math.Clamp(SharedBytesGranted / warpBytes, 1, Warps);
        device.Launch(OwnBf16, Shape(parameters.Rows * parameters.KvHeads, warps, splits, warps * warpBytes), parameters);
    }

    /// <summary>Attends to the items: a chunk and the consecutive rows that read it.</summary>
    /// <param name="items">As many as there can be; blocks beyond the count in memory end at once.</param>
    public static void RunSharedInt8(IKernelDevice device, in AttentionParameters parameters, int items)
    {
        int keyStride = parameters.HeadPad == WarpLanes ? WarpLanes : (((parameters.HeadPad + 63) / 64) | 1) * 64;
        int blockBytes = HeadShape.Chunk * ((sizeof(float) * (parameters.HeadPad + 2)) + keyStride);
        device.Launch(SharedInt8, SharedShape(device, parameters, items, blockBytes, TileBytes(HeadShape.Chunk)), parameters);
    }

    /// <inheritdoc cref="RunSharedInt8"/>
    public static void RunSharedSingle(IKernelDevice device, in AttentionParameters parameters, int items) =>
        RunSharedFloats(device, SharedSingle, parameters, items);

    /// <summary>Keys and values in bf16; queries and arithmetic in float32, operation by operation those of the f32 form.</summary>
    /// <inheritdoc cref="RunSharedInt8"/>
    public static void RunSharedBf16(IKernelDevice device, in AttentionParameters parameters, int items) =>
        RunSharedFloats(device, SharedBf16, parameters, items);

    static void RunSharedFloats(IKernelDevice device, KernelName kernel, in AttentionParameters parameters, int items)
    {
        int blockBytes = sizeof(float) * ((parameters.HeadWidth * (HeadShape.Chunk + 4)) + (HeadShape.Chunk * parameters.HeadPad));
        int rows = Math.Max(HeadShape.Chunk, parameters.HeadWidth);
        device.Launch(kernel, SharedShape(device, parameters, items, blockBytes, TileBytes(rows)), parameters);
    }

    /// <summary>Combines the partial results of every chunk of each row and quantises the rows.</summary>
    public static void CombineToInt8(IKernelDevice device, in AttentionParameters parameters) =>
        device.Launch(CombineInt8, Shape(parameters.Rows * OutputBlocks(parameters), Warps, 1, 0), parameters);

    /// <summary>Combines the partial results of every chunk of each row.</summary>
    public static void CombineToSingle(IKernelDevice device, in AttentionParameters parameters) =>
        device.Launch(CombineSingle, Shape(parameters.Rows * OutputBlocks(parameters), Warps, 1, 0), parameters);

    /// <summary>Combines the partial results of every chunk of each row and rounds to bf16.</summary>
    public static void CombineToBf16(IKernelDevice device, in AttentionParameters parameters) =>
        device.Launch(CombineBf16, Shape(parameters.Rows * OutputBlocks(parameters), Warps, 1, 0), parameters);

    /// <summary>Shared memory of a warp that has a chunk of int8 keys and values, and the weights of its heads.</summary>
    internal static int WarpBytes(int headPad) => (2 * HeadShape.Chunk * headPad) + (MostHeads * HeadShape.Chunk * sizeof(float));

    /// <summary>Bytes of a warp's tile of 16 queries: weights of each key or dimension, and where they belong.</summary>
    static int TileBytes(int rows) => (rows * (TileQueries + 4) * sizeof(float)) + (TileQueries * (sizeof(long) + sizeof(int)));

    static LaunchShape SharedShape(IKernelDevice device, in AttentionParameters parameters, int items, int blockBytes, int tileBytes)
    {
        int warps = Math.Clamp((device.Facts.SharedBytesPerBlock - blockBytes) / tileBytes, 1, Warps);
        return new LaunchShape(items, parameters.KvHeads, 1, warps * WarpLanes, blockBytes + (warps * tileBytes));
    }

    static int OutputBlocks(in AttentionParameters parameters) =>
        ((parameters.Heads * parameters.HeadWidth) + QuantizedRows.BlockInputs - 1) / QuantizedRows.BlockInputs;

    static LaunchShape Shape(int tasks, int warps, int gridY, int sharedBytes) =>
        new((tasks + warps - 1) / warps, gridY, 1, warps * WarpLanes, sharedBytes);
}
