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

    /// <summary>Scratch of draws in parts, <see cref="SamplingCuda.PartsBytes"/> of it, zeros at first.</summary>
    public DevicePointer Parts;

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
/// afterwards whether it has ended. A warp draws from a small vocabulary, a block from a large one, and of few draws many blocks from each.
/// </summary>
public static class SamplingCuda
{
    /// <summary>Most tokens of a vocabulary that one warp draws from.</summary>
    public const int WarpVocabulary = 1024;

    /// <summary>Least tokens of a vocabulary that is worth a second launch.</summary>
    public const int PartsVocabulary = 16384;

    /// <summary>Most draws that are made in parts: all their blocks then run at once on the 132 multiprocessors of an H100.</summary>
    public const int MostDrawsInParts = 4;

    /// <summary>Of a row's logits, each a block's.</summary>
    public const int RowParts = 32;

    /// <summary>Bytes of <see cref="SamplingParameters.Parts"/>: of a draw two sums and a largest logit a part, counter, slot.</summary>
    public const int PartsBytes = MostDrawsInParts * ((RowParts * ((2 * sizeof(ulong)) + sizeof(float))) + (2 * sizeof(int)));

    const int DrawsPerBlock = 4;
    const int WarpLanes = 32;
    const int BlockThreads = 1024;
    const int PartThreads = 256;
    static readonly KernelName Warps = new("Sampling", "sample_warps");
    static readonly KernelName Blocks = new("Sampling", "sample_blocks");
    static readonly KernelName Largest = new("Sampling", "sample_largest");
    static readonly KernelName Parts = new("Sampling", "sample_parts");
    static readonly KernelName PartsFiltered = new("Sampling", "sample_parts_filtered");

    /// <summary>Whether so many draws are made by several blocks a row.</summary>
    public static bool InParts(int vocabulary, int draws) => vocabulary >= PartsVocabulary && draws <= MostDrawsInParts;

    public static void Draw(IKernelDevice device, in SamplingParameters parameters)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(parameters.Vocabulary, Sampler.VocabularyLimit);
        if (parameters.Vocabulary <= WarpVocabulary)
            device.Launch(
                Warps, new LaunchShape((parameters.Count + DrawsPerBlock - 1) / DrawsPerBlock, DrawsPerBlock * WarpLanes), parameters);
        else if (InParts(parameters.Vocabulary, parameters.Count))
            DrawInParts(device, parameters);
        else
            device.Launch(Blocks, new LaunchShape(parameters.Count, BlockThreads), parameters);
    }

    static void DrawInParts(IKernelDevice device, in SamplingParameters p)
    {
        if (p.Parts == default)
            throw new ArgumentException("draws in parts need scratch for them", nameof(p));
        bool filtered = p.Temperature != 0 && (p.TopK > 0 || p.TopP < 1 || p.MinP > 0);
        device.Launch(Largest, new LaunchShape(RowParts, p.Count, 1, PartThreads), p);
        device.Launch(filtered ? PartsFiltered : Parts, new LaunchShape(RowParts, p.Count, 1, filtered ? BlockThreads : PartThreads), p);
    }
}
