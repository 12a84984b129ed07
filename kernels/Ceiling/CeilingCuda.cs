using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Ceiling;

/// <summary>Parameters of the kernels of Ceiling.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CeilingParameters
{
    /// <summary>What is copied.</summary>
    public DevicePointer From;

    /// <summary>The copy, or 4 bytes of each thread.</summary>
    public DevicePointer To;

    /// <summary>16-byte pieces to copy.</summary>
    public long Count;

    /// <summary>Steps of arithmetic; one is <see cref="CeilingCuda.StepInstructions"/> of every thread.</summary>
    public int Steps;
}

/// <summary>Starts the kernels of Ceiling.cu.</summary>
public static class CeilingCuda
{
    /// <summary>Threads of a block.</summary>
    public const int Threads = 256;

    /// <summary>Independent sums of a thread.</summary>
    public const int Accumulators = 16;

    /// <summary>Instructions of a thread in a step: 8 on each of its sums.</summary>
    public const int StepInstructions = 8 * Accumulators;

    static readonly KernelName copy = new("Ceiling", "ceiling_copy");
    static readonly KernelName mma = new("Ceiling", "ceiling_mma");
    static readonly KernelName mmaBf16 = new("Ceiling", "ceiling_mma_bf16");
    static readonly KernelName dp4a = new("Ceiling", "ceiling_dp4a");
    static readonly KernelName fma = new("Ceiling", "ceiling_fma");

    public static void RunCopy(IKernelDevice device, in CeilingParameters parameters, int blocks) => Run(device, copy, parameters, blocks);

    /// <summary>Tensor cores: 4,096 int8 multiply-adds a warp and instruction.</summary>
    public static void RunMma(IKernelDevice device, in CeilingParameters parameters, int blocks) => Run(device, mma, parameters, blocks);

    /// <summary>Tensor cores: 2,048 bf16 multiply-adds a warp and instruction.</summary>
    public static void RunMmaBf16(IKernelDevice device, in CeilingParameters parameters, int blocks) =>
        Run(device, mmaBf16, parameters, blocks);

    /// <summary>4 int8 multiply-adds a thread and instruction.</summary>
    public static void RunDp4a(IKernelDevice device, in CeilingParameters parameters, int blocks) => Run(device, dp4a, parameters, blocks);

    /// <summary>One float32 multiply-add a thread and instruction.</summary>
    public static void RunFma(IKernelDevice device, in CeilingParameters parameters, int blocks) => Run(device, fma, parameters, blocks);

    static void Run(IKernelDevice device, KernelName kernel, in CeilingParameters parameters, int blocks) =>
        device.Launch(kernel, new LaunchShape(blocks, Threads), parameters);
}
