using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Manifests;

/// <summary>
/// What is wrong with a manifest and only MSBuild's side can see. The program says it together with what it finds itself.
/// </summary>
public sealed record RawMistake
{
    /// <summary>As printed: HRN0015.</summary>
    public required string Code { get; init; }

    public required string Message { get; init; }

    /// <summary><c>file(line,col)</c>.</summary>
    public required string Place { get; init; }

    /// <summary>Null where the code or the place is none.</summary>
    public HarnessException? ToException() =>
        DiagnosticsPage.All.TryGetValue(Code, out Diagnostic? code) && SourcePlace.Parse(Place) is { } place
            ? code.With(Message, place.File, place.Line, place.Column)
            : null;
}
