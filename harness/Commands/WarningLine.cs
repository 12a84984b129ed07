using Harness.Kernels.Diagnostics;
using Harness.Manifests;

namespace Harness.Commands;

/// <summary>A warning in the form that MSBuild, editors and GitHub read, as failures have theirs.</summary>
static class WarningLine
{
    public static string Of(Diagnostic code, string text, SourcePlace place, string project) =>
        $"{place.File}({Math.Max(place.Line, 1)},{Math.Max(place.Column, 1)}): warning {code.Code}: {text} [{project}]";
}
