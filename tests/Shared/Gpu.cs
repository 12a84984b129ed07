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
            CudaDevices.Find("cuda");
            return null;
        }
        catch (HarnessException absent)
        {
            return $"needs a GPU: {absent.Message}";
        }
    });

    static bool IsRequired => typeof(Gpu).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Any(metadata => metadata.Key == "RequireGpu" && string.Equals(metadata.Value, "true", StringComparison.OrdinalIgnoreCase));

    public static void Need()
    {
        if (Reason.Value is not { } reason)
            return;
        if (IsRequired)
            Assert.Fail(reason);
        Assert.Ignore(reason);
    }
}
