using System.Diagnostics;
using Harness.Kernels.Driver;
using KernelCases;

namespace Gpu;

/// <summary>Every kernel, and whole small models, against their CPU forms: the fixed shapes, then random ones while time is left.</summary>
sealed class KernelPart(ProofSettings settings, Proof proof)
{
    CudaDevice? device;

    public void Run(TimeSpan time)
    {
        try
        {
            RunCases(time);
        }
        finally
        {
            device?.Dispose();
        }
    }

    void RunCases(TimeSpan time)
    {
        long started = Stopwatch.GetTimestamp();
        foreach (KernelCase one in AllCases.All())
            Check(one);
        if (settings.Small)
            return;
        for (ulong seed = settings.Seed; Stopwatch.GetElapsedTime(started) < time; seed++)
        {
            foreach (KernelCase one in AllCases.Random(seed).TakeWhile(_ => Stopwatch.GetElapsedTime(started) < time))
                Check(one);
        }
    }

    /// <summary>After a failure the next case has a device of its own: a fault spoils the one it happened on.</summary>
    void Check(KernelCase one) => proof.Check(one.ToString(), () =>
    {
        device ??= CudaDevice.Open(settings.Device);
        try
        {
            one.Run(device);
        }
        catch
        {
            device.Dispose();
            device = null;
            throw;
        }
    });
}
