using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Sampling;

/// <summary>Parameters of the kernels of Sampling.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct SamplingParameters
{
    /// <summary>float32 [logit rows, vocabulary].</summary>
    public DevicePointer Logits;

    /// <summary>int32 [draws]: the row of logits; several may draw from one. A null pointer means row i for draw i.</summary>
    public DevicePointer LogitRows;

    /// <summary>int32 [draws]: the slot, or -1 to draw nothing. A slot is drawn for once, and not where it is done.</summary>
    public DevicePointer Slots;

    public SlotState State;

    /// <summary>int32 [stop tokens].</summary>
    public DevicePointer StopTokens;

    /// <summary>int32 whose bits say what went wrong: a row with a logit that is NaN or infinite draws nothing.</summary>
    public DevicePointer Errors;

    public ulong Seed;
    public float Temperature;
    public float TopP;
    public float MinP;
    public int TopK;
    public int Vocabulary;

    /// <summary>Draws.</summary>
    public int Count;

    public int StopTokenCount;
}

/// <summary>
/// Starts the kernels of Sampling.cu: <see cref="Sampler"/> on a GPU. Each draw's token is appended to its slot, whose state says
/// afterwards whether it has ended. A warp draws from a small vocabulary, a block from a large one.
/// </summary>
public static class SamplingCuda
{
    /// <summary>Most tokens of a vocabulary that one warp draws from.</summary>
    public const int WarpVocabulary = 1024;

    const int DrawsPerBlock = 4;
    const int WarpLanes = 32;
    const int BlockThreads = 1024;
    static readonly KernelName Warps = new("Sampling", "sample_warps");
    static readonly KernelName Blocks = new("Sampling", "sample_blocks");

    public static void Draw(IKernelDevice device, in SamplingParameters parameters)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(parameters.Vocabulary, Sampler.VocabularyLimit);
        if (parameters.Vocabulary <= WarpVocabulary)
            device.Launch(
                Warps, new LaunchShape((parameters.Count + DrawsPerBlock - 1) / DrawsPerBlock, DrawsPerBlock * WarpLanes), parameters);
        else
            device.Launch(Blocks, new LaunchShape(parameters.Count, BlockThreads), parameters);
    }
}
