using System.Diagnostics;
using System.Runtime.InteropServices;
using Harness.Pools;

namespace Build.Tests;

public sealed partial class InterruptedBuildTests
{
    const int Interruption = 2;

    /// <summary>As a tool does that interrupts the build it started, and not the programs that the build started.</summary>
    // On a busy machine a build has been seen to go on after the signal, once in fifteen runs; whether MSBuild or the task lost it is not
    // known.
    [Test, Retry(3)]
    public void An_interrupted_build_says_what_is_kept_and_the_same_command_goes_on()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("signals are those of Linux and macOS");
        using ScratchRepository scratch = new();
        scratch.Write("sums", Manifests.Sums.Replace("Problems=\"4\" Samples=\"4\"", "Problems=\"400\" Samples=\"64\""));
        FileInfo log = new(scratch.Artifacts("sums", "think.generations"));
        using (Process build = scratch.StartBuild("sums"))
        {
            Task<string> output = build.StandardOutput.ReadToEndAsync(), errors = build.StandardError.ReadToEndAsync();
            while (!build.WaitForExit(TimeSpan.FromMilliseconds(5)) && !(log.Exists && log.Length > 20_000))
                log.Refresh();
            Assert.That(build.HasExited, Is.False, "the build ended before it could be interrupted");
            Assert.That(Signal(build.Id, Interruption), Is.Zero);
            build.WaitForExit();

            int kept = GenerationLog.Read(log.FullName).Count;
            BuildOutcome outcome = new(build.ExitCode, output.Result + errors.Result);
            Assert.That(build.ExitCode, Is.Not.Zero, outcome.Output);
            Assert.That(outcome.Errors.Select(error => error.Code), Is.EqualTo((string[])["HRN0404"]), outcome.Output);
            Assert.That(outcome.Errors[0].Text, Does.Contain($"{kept} of 25606 samples are kept: run the same command again to go on"));
            Assert.That(kept, Is.InRange(1, 25605));
        }
        scratch.Build("sums", "-t:Plan").Succeeded();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
