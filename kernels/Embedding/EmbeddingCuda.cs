using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Embedding;

/// <summary>Parameters of the kernel of Embedding.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct EmbeddingParameters
{
    /// <summary>float32 [vocabulary, width].</summary>
    public DevicePointer Table;

    /// <summary>int32 [rows].</summary>
    public DevicePointer Tokens;

    /// <summary>int32 [rows]: a negative one skips its row. A null pointer skips none.</summary>
    public DevicePointer Positions;

    /// <summary>float32 [rows, width].</summary>
    public DevicePointer Residual;

    public int Width;
    public int Rows;
}

/// <summary>Starts the kernel of Embedding.cu: copies each row's token's vector to the residual stream.</summary>
public static class EmbeddingCuda
{
    const int RowsPerBlock = 4;
    const int WarpLanes = 32;
    static readonly KernelName Name = new("Embedding", "embedding");

    public static void Run(IKernelDevice device, in EmbeddingParameters parameters) =>
        device.Launch(Name, new LaunchShape((parameters.Rows + RowsPerBlock - 1) / RowsPerBlock, RowsPerBlock * WarpLanes), parameters);
}
