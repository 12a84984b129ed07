using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Ceiling;

/// <summary>What a device does at most, measured; each a median of timed launches after one that is not timed.</summary>
/// <param name="CopyBytes">Bytes read and written a second by a copy within the device's memory.</param>
/// <param name="Int8TensorMultiplyAdds">int8 multiply-adds a second of mma.sync, with exact int32 sums.</param>
/// <param name="Int8DotMultiplyAdds">int8 multiply-adds a second of dp4a.</param>
/// <param name="SingleMultiplyAdds">float32 fused multiply-adds a second.</param>
/// <param name="Bf16TensorMultiplyAdds">bf16 multiply-adds a second of mma.sync, with float32 sums.</param>
public sealed record DeviceCeilings(
    double CopyBytes, double Int8TensorMultiplyAdds, double Int8DotMultiplyAdds, double SingleMultiplyAdds, double Bf16TensorMultiplyAdds)
{
    const int WarpLanes = 32;

    /// <summary>Multiply-adds a second of the instruction that multiplies a precision's matrices.</summary>
    public double MultiplyAdds(Precision precision) => precision switch
    {
        Precision.F32 => SingleMultiplyAdds,
        Precision.W8A8 => Int8TensorMultiplyAdds,
        Precision.Bf16 => Bf16TensorMultiplyAdds,
        _ => throw Precisions.Unknown(precision),
    };

    /// <summary>Measures on an idle device; takes some tenths of a second.</summary>
    public static DeviceCeilings Measure(IKernelDevice device) => Measure(device, CeilingEffort.For(device));

    internal static DeviceCeilings Measure(IKernelDevice device, CeilingEffort effort)
    {
        int blocks = device.Facts.Multiprocessors * effort.BlocksPerMultiprocessor;
        long instructions = (long)blocks * CeilingCuda.Threads * CeilingCuda.StepInstructions;
        using DeviceBuffer results = device.Allocate((long)blocks * CeilingCuda.Threads * sizeof(int), "results of a measurement");
        double Rate(long work, Action<CeilingParameters> run, int steps)
        {
            var parameters = new CeilingParameters { To = results.Start, Steps = steps };
            return work * steps / MedianSeconds(device, effort.Repeats, () => run(parameters));
        }
        return new DeviceCeilings(
            Copy(device, effort, blocks),
            Rate(instructions / WarpLanes * 16 * 8 * 32, parameters => CeilingCuda.RunMma(device, parameters, blocks), effort.MmaSteps),
            Rate(instructions * 4, parameters => CeilingCuda.RunDp4a(device, parameters, blocks), effort.Dp4aSteps),
            Rate(instructions, parameters => CeilingCuda.RunFma(device, parameters, blocks), effort.FmaSteps),
            Rate(
                instructions / WarpLanes * 16 * 8 * 16, parameters => CeilingCuda.RunMmaBf16(device, parameters, blocks), effort.MmaSteps));
    }

    static double Copy(IKernelDevice device, CeilingEffort effort, int blocks)
    {
        using DeviceBuffer from = device.Allocate(effort.CopyBytes, "a measurement"), to =
            device.Allocate(effort.CopyBytes, "a measurement");
        device.Fill(from.Start, 0x5A, effort.CopyBytes);
        var parameters = new CeilingParameters { From = from.Start, To = to.Start, Count = effort.CopyBytes / 16 };
        return 2.0 * (effort.CopyBytes / 16 * 16) / MedianSeconds(
            device, effort.Repeats, () => CeilingCuda.RunCopy(device, parameters, blocks));
    }

    static double MedianSeconds(IKernelDevice device, int repeats, Action run)
    {
        run();
        double[] seconds = new double[repeats];
        for (int i = 0; i < repeats; i++)
        {
            using IDeviceEvent start = device.RecordEvent();
            run();
            using IDeviceEvent end = device.RecordEvent();
            seconds[i] = device.MillisecondsBetween(start, end) / 1000;
        }
        Array.Sort(seconds);
        return seconds[repeats / 2];
    }
}

/// <summary>How much a measurement does.</summary>
/// <param name="CopyBytes">Far more than the caches hold.</param>
/// <param name="BlocksPerMultiprocessor">Enough for all its threads to be busy.</param>
readonly record struct CeilingEffort(long CopyBytes, int MmaSteps, int Dp4aSteps, int FmaSteps, int BlocksPerMultiprocessor, int Repeats)
{
    const long MostCopyBytes = 1L << 30;

    /// <summary>Some milliseconds a launch on a large card, with a quarter of the free memory at most.</summary>
    public static CeilingEffort For(IKernelDevice device) => new(Math.Min(MostCopyBytes, device.FreeBytes / 8), 512, 2048, 4096, 8, 9);
}
