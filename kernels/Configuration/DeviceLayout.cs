namespace Harness.Kernels.Configuration;

/// <summary>How rows, keys and values lie in a device's memory.</summary>
public static class DeviceLayout
{
    /// <summary>Addresses of arrays are multiples of it.</summary>
    public const int Alignment = 256;

    /// <summary>Inputs that share an activation's scale; int8 and bf16 rows are padded to it with zeros.</summary>
    public const int Block = 64;

    const int HeadStep = 32;

    public static int Blocks(int width) => (width + Block - 1) / Block;

    public static int QuantizedWidth(int width) => Blocks(width) * Block;

    /// <summary>A head's width, rounded up to 32, with zeros between.</summary>
    public static int HeadWidth(ModelConfig config) => (config.HeadWidth + HeadStep - 1) / HeadStep * HeadStep;

    /// <summary>Keys and values of one head in a page of 64 tokens, and w8a8's two scales a token.</summary>
    public static long HeadBytes(ModelConfig config, Precision precision) =>
        2L * PageSize.Tokens * ((HeadWidth(config) * precision.WeightBytes()) + (precision == Precision.W8A8 ? sizeof(float) : 0));

    /// <summary>A page: all layers and heads of 64 tokens.</summary>
    public static long PageBytes(ModelConfig config, Precision precision) =>
        config.Layers * (long)config.KvHeads * HeadBytes(config, precision);

    /// <summary>Floats of one chunk's partial attention of one head: its output, maximum and sum.</summary>
    public static int PartialFloats(ModelConfig config) => HeadWidth(config) + 2;
}
