using System.Reflection;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;

namespace Harness.Tests.Shared;

/// <summary>The GPU that some tests need: without one they are skipped with the reason, or fail with -p:RequireGpu=true.</summary>
static class Gpu
{
    static readonly Lazy<string?> Reason = new(() =>
    {
        try
        {
            CudaDevices.Find(Device);
            return null;
        }
        catch (HarnessException absent)
        {
            return $"needs a GPU: {absent.Message}";
        }
    });

    /// <summary>The GPU to test on: cuda, or that of -p:GpuDevice=cuda:N.</summary>
    public static string Device => Metadata("GpuDevice") is { Length: > 0 } named ? named : "cuda";

    static bool IsRequired => string.Equals(Metadata("RequireGpu"), "true", StringComparison.OrdinalIgnoreCase);

    public static void Need()
    {
        if (Reason.Value is not { } reason)
            return;
        if (IsRequired)
            Assert.Fail(reason);
        Assert.Ignore(reason);
    }

    static string? Metadata(string key) => typeof(Gpu).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(metadata => metadata.Key == key)?.Value;
}
