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

    /// <summary>Bytes of one token's key in one head, and of its value.</summary>
    public static int RowBytes(ModelConfig config, Precision precision) => HeadWidth(config) * precision.WeightBytes();

    /// <summary>Bytes of the scale of one token's key in one head, and of that of its value: w8a8 alone has them.</summary>
    public static int ScaleBytes(Precision precision) => precision == Precision.W8A8 ? sizeof(float) : 0;

    /// <summary>One head in a page of 64 tokens: its keys, its values, the keys' scales, the values' scales.</summary>
    public static long HeadBytes(ModelConfig config, Precision precision) =>
        2L * PageSize.Tokens * (RowBytes(config, precision) + ScaleBytes(precision));

    /// <summary>A page: all layers and heads of 64 tokens.</summary>
    public static long PageBytes(ModelConfig config, Precision precision) =>
        config.Layers * (long)config.KvHeads * HeadBytes(config, precision);

    /// <summary>Floats of one chunk's partial attention of one head: its output, maximum and sum.</summary>
    public static int PartialFloats(ModelConfig config) => HeadWidth(config) + 2;
}
