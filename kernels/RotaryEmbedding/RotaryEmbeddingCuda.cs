using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;

namespace Harness.Kernels.RotaryEmbedding;

/// <summary>Parameters of the kernels of RotaryEmbedding.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RotaryEmbeddingParameters
{
    /// <summary>float32 [rows, (heads + 2 kvHeads) * headWidth]; the f32 and bf16 forms leave the turned queries in it.</summary>
    public DevicePointer Qkv;

    /// <summary>float32, as wide as a row of <see cref="Qkv"/>. A null pointer adds no bias.</summary>
    public DevicePointer Bias;

    /// <summary>float32 [headWidth]. With a null pointer, queries are not normalised.</summary>
    public DevicePointer QueryNorm;

    /// <summary>float32 [headWidth]. With a null pointer, keys are not normalised.</summary>
    public DevicePointer KeyNorm;

    /// <summary>float32 [positions, headWidth / 2].</summary>
    public DevicePointer Cosines;

    /// <summary>float32 [positions, headWidth / 2].</summary>
    public DevicePointer Sines;

    /// <summary>int32 [rows]: a negative one skips its row.</summary>
    public DevicePointer Positions;

    /// <summary>int32 [rows]: the row of the page table.</summary>
    public DevicePointer Sequences;

    /// <summary>int32 [sequences, maxPages].</summary>
    public DevicePointer Pages;

    /// <summary>Pages of keys and values.</summary>
    public DevicePointer Cache;

    /// <summary>int8 [rows, heads, headPad], padded with 0 (int8 form).</summary>
    public DevicePointer Q;

    /// <summary>float32 [rows, heads] (int8 form): scale / sqrt(headWidth).</summary>
    public DevicePointer QueryScales;

    /// <summary>int32 whose bits say what went wrong.</summary>
    public DevicePointer Errors;

    public float Epsilon;
    public int Rows;
    public int Heads;
    public int KvHeads;

    /// <summary>Even, at most <see cref="RotaryEmbeddingCuda.WidestHead"/>.</summary>
    public int HeadWidth;

    /// <summary><see cref="HeadWidth"/> rounded up to 32.</summary>
    public int HeadPad;

    public int Layers;
    public int Layer;
    public int MaxPages;
}

/// <summary>
/// Starts the kernels of RotaryEmbedding.cu: finishes rows of q, k and v (biases, head norms, RoPE), writes their keys and values into
/// the pages, and in the int8 form the quantised queries.
/// </summary>
public static class RotaryEmbeddingCuda
{
    public const int WidestHead = 256;
    const int Threads = 128;
    const int WarpLanes = 32;
    static readonly KernelName Int8 = new("RotaryEmbedding", "rotary_embedding_int8");
    static readonly KernelName Bf16 = new("RotaryEmbedding", "rotary_embedding_bf16");
    static readonly KernelName Single = new("RotaryEmbedding", "rotary_embedding_f32");

    /// <summary>Finishes rows in the form of a precision.</summary>
    public static void Run(IKernelDevice device, Precision precision, in RotaryEmbeddingParameters parameters)
    {
        switch (precision)
        {
            case Precision.W8A8:
                RunInt8(device, parameters);
                break;
            case Precision.Bf16:
                RunBf16(device, parameters);
                break;
            default:
                RunSingle(device, parameters);
                break;
        }
    }

    public static void RunInt8(IKernelDevice device, in RotaryEmbeddingParameters parameters) =>
        device.Launch(Int8, Shape(parameters), parameters);

    /// <summary>Keys and values are rounded to bf16; queries stay float32.</summary>
    public static void RunBf16(IKernelDevice device, in RotaryEmbeddingParameters parameters) =>
        device.Launch(Bf16, Shape(parameters), parameters);

    public static void RunSingle(IKernelDevice device, in RotaryEmbeddingParameters parameters) =>
        device.Launch(Single, Shape(parameters), parameters);

    static LaunchShape Shape(in RotaryEmbeddingParameters parameters)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parameters.HeadWidth, WidestHead);
        int tasks = parameters.Rows * (parameters.Heads + (2 * parameters.KvHeads)), headsPerBlock = Threads / LanesOfHead(parameters);
        return new((tasks + headsPerBlock - 1) / headsPerBlock, Threads);
    }

    /// <summary>Four elements a lane, or a whole warp where heads are normalised or of odd halves.</summary>
    static int LanesOfHead(in RotaryEmbeddingParameters parameters)
    {
        int half = parameters.HeadWidth / 2;
        bool normed = parameters.QueryNorm != default || parameters.KeyNorm != default;
        return half % 2 != 0 || half > 32 || normed ? WarpLanes : half > 16 ? 16 : half > 8 ? 8 : 4;
    }
}
