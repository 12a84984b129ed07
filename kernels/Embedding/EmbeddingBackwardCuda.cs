using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Embedding;

/// <summary>Parameters of the kernel of EmbeddingBackward.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct EmbeddingBackwardParameters
{
    /// <summary>float32 [rows, width].</summary>
    public DevicePointer Gradients;

    /// <summary>int32 [count]: tokens, each once.</summary>
    public DevicePointer Tokens;

    /// <summary>int32 [count + 1]: where each token's rows begin in the list.</summary>
    public DevicePointer Firsts;

    /// <summary>int32: rows by token, ascending.</summary>
    public DevicePointer List;

    /// <summary>float32 [vocabulary, width]: what is added to.</summary>
    public DevicePointer Sums;

    public int Width;
    public int Count;
}

/// <summary>Starts the kernel of EmbeddingBackward.cu: adds the rows of each token one after another, tokens side by side.</summary>
public static class EmbeddingBackwardCuda
{
    const int Threads = 128;
    static readonly KernelName Name = new("EmbeddingBackward", "embedding_backward");

    public static void Run(IKernelDevice device, in EmbeddingBackwardParameters parameters) => device.Launch(
        Name, new LaunchShape(parameters.Count, (parameters.Width + Threads - 1) / Threads, 1, Threads), parameters);
}
