using Harness.Kernels;

namespace Harness.Experiments;

/// <summary>Which build of the program runs.</summary>
static class ProgramIdentity
{
    /// <summary>Versions of the program's and the kernels' modules, which the compiler derives from their sources.</summary>
    public static string Current { get; } =
        $"{typeof(ProgramIdentity).Module.ModuleVersionId} {typeof(NumericsVersion).Module.ModuleVersionId}\n";
}
