using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Records;

namespace Harness.Commands;

/// <summary>How a run or a verification ended, as JSON on standard output.</summary>
static class ExperimentReport
{
    /// <param name="ran">Whether anything was stale.</param>
    public static void PrintRun(ResolvedExperiment experiment, bool ran) => Print(new
    {
        name = experiment.Manifest.Name,
        status = ran ? "ran" : "up-to-date",
        results = experiment.Paths.Results,
        files = RunJson.OutputsOf(RunJson.Read(experiment.Paths.RunJson)).Keys.Append(RunJson.FileName),
    });

    public static void PrintVerification(ResolvedExperiment experiment, IEnumerable<HarnessException> differences) => Print(new
    {
        name = experiment.Manifest.Name,
        status = differences.Any() ? "differs" : "verified",
        results = experiment.Paths.Results,
        differences = differences.Select(difference => new
        {
            code = difference.Diagnostic.Code,
            file = difference.File,
            line = difference.Line,
            column = difference.Column,
            message = difference.Message,
        }),
    });

    public static void PrintSkipped(RawManifest manifest, HarnessException absent) => Print(new
    {
        name = manifest.Name,
        status = "skipped",
        results = Path.GetDirectoryName(manifest.Project),
        reason = absent.Message,
    });

    static void Print(object report) => Console.WriteLine(JsonStyle.Write(report));
}
