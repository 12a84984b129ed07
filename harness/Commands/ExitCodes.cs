using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Commands;

/// <summary>The exit statuses of the program.</summary>
public static class ExitCodes
{
    public const int Success = 0;

    /// <summary>A comparison found a difference.</summary>
    public const int Differs = 1;

    /// <summary>An expected failure: one line with its code was printed.</summary>
    public const int Failure = 2;

    /// <summary>A gate can neither pass nor fail, and none fails.</summary>
    public const int CannotTell = 3;

    /// <summary>Interrupted, as shells count it: 128 + SIGINT.</summary>
    public const int Interrupted = 130;

    public static int Of(Diagnostic diagnostic) =>
        diagnostic == Codes.ResultsDiffer || diagnostic == Codes.ReferenceDiffers
        || diagnostic == Codes.GateFails ? Differs
        : diagnostic == Codes.Cancelled ? Interrupted
        : Failure;
}
