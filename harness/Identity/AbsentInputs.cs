using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;

namespace Harness.Identity;

/// <summary>Failures that say only that this machine lacks a model or data.</summary>
public static class AbsentInputs
{
    public static bool Is(HarnessException failure) =>
        failure.Diagnostic == KernelCodes.ModelNotFound || failure.Diagnostic == Codes.DataNotFound;

    /// <summary>The first of the failures that an exception stands for where all are for want of a model or data; else null.</summary>
    public static HarnessException? Of(Exception failure)
    {
        IReadOnlyList<HarnessException> failures = ManifestException.FailuresOf(failure);
        return failures.Count > 0 && failures.All(Is) ? failures[0] : null;
    }
}
