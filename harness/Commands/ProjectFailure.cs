using Harness.Kernels.Diagnostics;
using Harness.Manifests;

namespace Harness.Commands;

/// <summary>A failure of a command on an experiment. Its lines end with the project's path, as MSBuild's lines do.</summary>
sealed class ProjectFailure(string project, Exception failure) : Exception(failure.Message, failure)
{
    /// <summary>Whether an exception is an expected one.</summary>
    public static bool IsExpected(Exception failure) => ManifestException.FailuresOf(failure).Count > 0;

    public Diagnostic Diagnostic => ManifestException.FailuresOf(InnerException!)[0].Diagnostic;

    public IEnumerable<string> Lines => ManifestException.FailuresOf(InnerException!).Select(mistake => mistake.ToCanonicalLine(project));
}
