using Harness.Kernels.Driver;
using KernelCases;

namespace Gpu;

/// <summary>Every kernel, and whole small models, against their CPU forms: the fixed shapes, then random ones while time is left.</summary>
sealed class KernelPart(ProofSettings settings, Checks checks)
{
    CudaDevice? device;

    public void Run()
    {
        try
        {
            RunCases();
        }
        finally
        {
            device?.Dispose();
        }
    }

    void RunCases()
    {
        int left = 0;
        foreach (KernelCase one in AllCases.All().Where(IsAsked))
        {
            if (checks.HasTime)
                Check(one);
            else
                left++;
        }
        if (left > 0)
            checks.Check($"the last {left} fixed cases", settings.CaseLimit, () => throw new CheckFailedException("no time is left"));
        if (settings.Small)
            return;
        for (ulong seed = settings.Seed; checks.HasTime; seed++)
        {
            KernelCase[] cases = [.. AllCases.Random(seed).Where(IsAsked)];
            if (cases.Length == 0)
                return;
            foreach (KernelCase one in cases.TakeWhile(_ => checks.HasTime))
                Check(one);
        }
    }

    bool IsAsked(KernelCase one) =>
        settings.Cases?.Split(',').Any(start => one.ToString().StartsWith(start, StringComparison.OrdinalIgnoreCase)) ?? true;

    void Check(KernelCase one) => checks.Check(one.ToString(), settings.CaseLimit, () =>
    {
        device ??= CudaDevice.Open(settings.Device);
        one.Run(device);
    });
}
