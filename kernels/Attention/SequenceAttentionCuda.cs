using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Attention;

/// <summary>Parameters of the kernels of SequenceAttention.cu and SequenceAttentionBackward.cu, which have the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SequenceAttentionParameters
{
    /// <summary>float32 [sequences * rows, (heads + 2 kvHeads) * headWidth]: queries, keys and values, after RoPE.</summary>
    public DevicePointer Qkv;

    /// <summary>float32 [sequences * rows, heads * headWidth]: the result; the backward kernels read it.</summary>
    public DevicePointer Mixed;

    /// <summary>float32 [sequences * rows, heads, chunks of 64 rows]: each chunk's largest score, for the backward kernels.</summary>
    public DevicePointer Maxima;

    /// <summary>As <see cref="Maxima"/>: what makes probabilities of a chunk's exponentials.</summary>
    public DevicePointer Factors;

    /// <summary>As <see cref="Mixed"/>: its gradient.</summary>
    public DevicePointer DMixed;

    /// <summary>float32 [sequences * rows, heads]: scratch of the backward kernels.</summary>
    public DevicePointer Dots;

    /// <summary>As <see cref="Qkv"/>: the gradients of what it holds.</summary>
    public DevicePointer DQkv;

    /// <summary>Of a sequence; the first is position 0.</summary>
    public int Rows;

    public int Sequences;
    public int Heads;
    public int KvHeads;
    public int HeadWidth;

    /// <summary>Set by <see cref="SequenceAttentionCuda"/>.</summary>
    internal float Scale;
}

/// <summary>
/// Starts the kernels of SequenceAttention.cu and SequenceAttentionBackward.cu: <see cref="SequenceAttention"/> on a GPU, over sequences
/// of one length.
/// </summary>
public static class SequenceAttentionCuda
{
    const int Threads = 128;
    const int WarpLanes = 32;
    static readonly KernelName ForwardName = new("SequenceAttention", "sequence_attention");
    static readonly KernelName Dots = new("SequenceAttentionBackward", "sequence_attention_dots");
    static readonly KernelName Queries = new("SequenceAttentionBackward", "sequence_attention_queries");
    static readonly KernelName Keys = new("SequenceAttentionBackward", "sequence_attention_keys");

    /// <summary>Attends from every row of a sequence to it and those before it.</summary>
    public static void Forward(IKernelDevice device, in SequenceAttentionParameters parameters)
    {
        SequenceAttentionParameters p = Scaled(parameters);
        device.Launch(ForwardName, new LaunchShape(Tiles(p), p.Heads, 1, Threads), p);
    }

    /// <summary>Gradients of queries, keys and values, as they are after RoPE; after <see cref="Forward"/> of the same.</summary>
    public static void Backward(IKernelDevice device, in SequenceAttentionParameters parameters)
    {
        SequenceAttentionParameters p = Scaled(parameters);
        long rows = (long)p.Rows * p.Sequences * p.Heads, perBlock = Threads / WarpLanes;
        device.Launch(Dots, new LaunchShape(checked((int)((rows + perBlock - 1) / perBlock)), Threads), p);
        device.Launch(Queries, new LaunchShape(Tiles(p), p.Heads, 1, Threads), p);
        device.Launch(Keys, new LaunchShape(Tiles(p), p.KvHeads, 1, Threads), p);
    }

    static SequenceAttentionParameters Scaled(in SequenceAttentionParameters parameters) =>
        parameters with { Scale = 1f / MathF.Sqrt(parameters.HeadWidth) };

    /// <summary>Of 64 rows.</summary>
    static int Tiles(in SequenceAttentionParameters p) => checked(p.Sequences * PageSize.PagesFor(p.Rows));
}
