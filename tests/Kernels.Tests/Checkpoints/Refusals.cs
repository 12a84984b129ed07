using Harness.Kernels.Checkpoints;
using Harness.Kernels.Diagnostics;

namespace Kernels.Tests.Checkpoints;

static class Refusals
{
    /// <summary>Asserts that opening the model ends with this code and a message that names the culprit.</summary>
    public static void AssertRefused(string path, Diagnostic code, string culprit = "")
    {
        HarnessException error = Assert.Throws<HarnessException>(() => ModelFiles.Open(path).Dispose())!;
        Assert.That(error.Diagnostic.Code, Is.EqualTo(code.Code), error.Message);
        Assert.That(error.Message, Does.Contain(culprit));
    }
}
