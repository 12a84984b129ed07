using System.Collections.Frozen;

namespace Harness.Kernels.Checkpoints;

/// <summary>Turns whole blocks of <paramref name="blocks"/> into float32 <paramref name="values"/>.</summary>
/// <remarks>
/// Decoders are compiled with full optimization at once: a model is read a single time, before the runtime would tier up.
/// </remarks>
delegate void BlockDecoder(ReadOnlySpan<byte> blocks, Span<float> values);

/// <summary>
/// How a tensor's values are stored: blocks of <see cref="BlockLength"/> consecutive values of a row in <see cref="BlockBytes"/> bytes.
/// Layouts are those of ggml (ggml-common.h); every value is the block's formula rounded to float32 once.
/// </summary>
public sealed class BlockFormat
{
    public static readonly BlockFormat F32 = new("F32", 1, 4, FloatBlocks.DecodeF32);
    public static readonly BlockFormat F16 = new("F16", 1, 2, FloatBlocks.DecodeF16);
    public static readonly BlockFormat BF16 = new("BF16", 1, 2, FloatBlocks.DecodeBF16);

    static readonly FrozenDictionary<uint, BlockFormat> ByGgmlType = new Dictionary<uint, BlockFormat>
    {
        [0] = F32,
        [1] = F16,
        [2] = new("Q4_0", 32, 18, ScaledBlocks.DecodeQ4_0),
        [3] = new("Q4_1", 32, 20, ScaledBlocks.DecodeQ4_1),
        [6] = new("Q5_0", 32, 22, ScaledBlocks.DecodeQ5_0),
        [7] = new("Q5_1", 32, 24, ScaledBlocks.DecodeQ5_1),
        [8] = new("Q8_0", 32, 34, ScaledBlocks.DecodeQ8_0),
        [10] = new("Q2_K", 256, 84, SuperBlocks.DecodeQ2K),
        [11] = new("Q3_K", 256, 110, SuperBlocks.DecodeQ3K),
        [12] = new("Q4_K", 256, 144, SuperBlocks.DecodeQ4K),
        [13] = new("Q5_K", 256, 176, SuperBlocks.DecodeQ5K),
        [14] = new("Q6_K", 256, 210, SuperBlocks.DecodeQ6K),
        [20] = new("IQ4_NL", 32, 18, NonlinearBlocks.DecodeIQ4NL),
        [23] = new("IQ4_XS", 256, 136, NonlinearBlocks.DecodeIQ4XS),
        [30] = BF16,
    }.ToFrozenDictionary();

    static readonly FrozenDictionary<uint, string> UnsupportedGgmlTypes = new Dictionary<uint, string>
    {
        [4] = "Q4_2",
        [5] = "Q4_3",
        [9] = "Q8_1",
        [15] = "Q8_K",
        [16] = "IQ2_XXS",
        [17] = "IQ2_XS",
        [18] = "IQ3_XXS",
        [19] = "IQ1_S",
        [21] = "IQ3_S",
        [22] = "IQ2_S",
        [24] = "I8",
        [25] = "I16",
        [26] = "I32",
        [27] = "I64",
        [28] = "F64",
        [29] = "IQ1_M",
        [34] = "TQ1_0",
        [35] = "TQ2_0",
        [39] = "MXFP4",
    }.ToFrozenDictionary();

    BlockFormat(string name, int blockLength, int blockBytes, BlockDecoder decode)
    {
        Name = name;
        BlockLength = blockLength;
        BlockBytes = blockBytes;
        Decode = decode;
    }

    public string Name { get; }

    /// <summary>Values in a block.</summary>
    public int BlockLength { get; }

    public int BlockBytes { get; }

    internal BlockDecoder Decode { get; }

    /// <summary>The format of a ggml type number, or null; <paramref name="name"/> is what ggml calls it.</summary>
    internal static BlockFormat? OfGgmlType(uint type, out string name)
    {
        BlockFormat? format = ByGgmlType.GetValueOrDefault(type);
        name = format?.Name ?? UnsupportedGgmlTypes.GetValueOrDefault(type) ?? $"number {type}";
        return format;
    }
}
