using Harness.Diagnostics;
using Harness.Gates;
using Harness.Kernels.Diagnostics;

namespace Harness.Commands;

/// <summary>Gates as annotations of a GitHub workflow, which its page shows at the manifest's line.</summary>
static class GitHubAnnotations
{
    /// <summary>On standard error, so that JSON on standard output stays whole; GitHub reads both.</summary>
    public static void Write(IEnumerable<GateOutcome> outcomes)
    {
        if (Environment.GetEnvironmentVariable("GITHUB_ACTIONS") != "true")
            return;
        foreach (GateOutcome outcome in outcomes.Where(outcome => outcome.Verdict != GateVerdict.Passes))
            Console.Error.WriteLine(Of(outcome, Environment.GetEnvironmentVariable("GITHUB_WORKSPACE")));
    }

    /// <param name="outcome">One that does not pass.</param>
    /// <param name="workspace">What paths of annotations are relative to; null or empty: they are absolute.</param>
    public static string Of(GateOutcome outcome, string? workspace)
    {
        (string kind, Diagnostic code) = outcome.Verdict == GateVerdict.Fails ? ("error", Codes.GateFails)
            : ("warning", Codes.GateCannotTell);
        string file = outcome.Gate.Place.File;
        string path = string.IsNullOrEmpty(workspace) ? file : Path.GetRelativePath(workspace, file).Replace('\\', '/');
        return $"::{kind} file={Property(path)},line={Math.Max(outcome.Gate.Place.Line, 1)},col={Math.Max(outcome.Gate.Place.Column, 1)},"
            + $"title={code.Code}::{Data(outcome.Text)}";
    }

    static string Data(string text) => text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);

    static string Property(string text) => Data(text).Replace(":", "%3A", StringComparison.Ordinal)
        .Replace(",", "%2C", StringComparison.Ordinal);
}
