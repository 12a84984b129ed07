using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Training;

/// <summary>Parameters of the kernel of CrossEntropy.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CrossEntropyParameters
{
    /// <summary>float32 [rows, vocabulary]: overwritten with gradients where there are factors.</summary>
    public DevicePointer Logits;

    /// <summary>int32 [rows]: a negative one counts nothing, and its row's gradients are zeros.</summary>
    public DevicePointer Labels;

    /// <summary>float32 [rows]: what gradients are multiplied by. A null pointer leaves the logits as they are.</summary>
    public DevicePointer Factors;

    /// <summary>float32 [rows]: 0 where a row counts nothing; NaN where the largest logit is not finite.</summary>
    public DevicePointer LogProbabilities;

    public int Vocabulary;
}

/// <summary>Starts the kernel of CrossEntropy.cu: <see cref="CrossEntropy"/> on a GPU.</summary>
public static class CrossEntropyCuda
{
    const int FewThreads = 32;
    const int ManyThreads = 256;

    /// <summary>Logits that one warp takes as fast as several that wait for one another.</summary>
    const int FewLogits = 1024;
    static readonly KernelName Name = new("CrossEntropy", "cross_entropy");

    public static void Run(IKernelDevice device, in CrossEntropyParameters parameters, int rows) =>
        device.Launch(Name, new LaunchShape(rows, parameters.Vocabulary <= FewLogits ? FewThreads : ManyThreads), parameters);
}
