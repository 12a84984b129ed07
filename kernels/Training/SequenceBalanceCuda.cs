using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.Routing;

namespace Harness.Kernels.Training;

/// <summary>Parameters of the kernels of SequenceBalance.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SequenceBalanceParameters
{
    /// <summary>int32 [rows, active]: as <see cref="RouterCuda.Route"/> leaves them.</summary>
    public DevicePointer Experts;

    /// <summary>float32 [rows, experts]: each row's softmax over all of them.</summary>
    public DevicePointer Probabilities;

    /// <summary>int32 [sequences, experts]: how many tokens chose each.</summary>
    public DevicePointer Chosen;

    /// <summary>float32 [sequences, experts]: of the loss, times its coefficient, over a token's probabilities.</summary>
    public DevicePointer Gradients;

    /// <summary>float64 [rows]: where a sequence begins, its loss times its tokens is added.</summary>
    public DevicePointer Sums;

    /// <summary>Set from the loss's coefficient and the shape.</summary>
    internal double Scale;

    /// <summary>Tokens of the batch.</summary>
    public double BatchTokens;

    public int RowsPerSequence;

    /// <summary>Set from the shape.</summary>
    internal int Count, Active;
}

/// <summary>Starts the kernels of SequenceBalance.cu: the loss that balances experts on a GPU, sequence by sequence.</summary>
public static class SequenceBalanceCuda
{
    const string Module = "SequenceBalance";
    const int Threads = 128;
    const int WarpsPerBlock = 4;
    static readonly KernelName GradientsName = new(Module, "balance_gradients");
    static readonly KernelName SumsName = new(Module, "balance_sums");

    /// <summary>Counts of the chosen, and gradients.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="parameters">The sequences.</param>
    /// <param name="sequences">How many.</param>
    /// <param name="shape">Of the experts.</param>
    /// <param name="coefficient">Of the loss.</param>
    public static void Gradients(
        IKernelDevice device, in SequenceBalanceParameters parameters, int sequences, ExpertShape shape, double coefficient) =>
        device.Launch(
            GradientsName,
            new LaunchShape(sequences, (shape.Count + WarpsPerBlock - 1) / WarpsPerBlock, 1, Threads),
            Of(parameters, shape) with { Scale = coefficient * shape.Count });

    /// <summary>Adds the sequences' losses, once the probabilities are there.</summary>
    public static void Sums(IKernelDevice device, in SequenceBalanceParameters parameters, int sequences, ExpertShape shape) =>
        device.Launch(SumsName, new LaunchShape(sequences, Threads), Of(parameters, shape));

    static SequenceBalanceParameters Of(SequenceBalanceParameters parameters, ExpertShape shape) =>
        parameters with { Count = shape.Count, Active = shape.Active };
}
