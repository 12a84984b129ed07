using System.Diagnostics;
using Harness.Pools;

namespace Build.Tests;

/// <summary>
/// Signals that only the build gets, as a tool sends them that interrupts the build it started, and not the programs that the build
/// started.
/// </summary>
public sealed class InterruptedBuildTests
{
    const string Kept = "think.generations";
    static readonly string Long = Manifests.Sums.Replace("Problems=\"4\" Samples=\"4\"", "Problems=\"400\" Samples=\"64\"");

    ScratchRepository scratch = null!;

    [SetUp]
    public void SetUp()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("signals are those of Linux and macOS");
        scratch = new ScratchRepository();
    }

    [TearDown]
    public void TearDown() => scratch?.Dispose();

    [Test]
    public void An_interrupted_build_says_what_is_kept_and_the_same_command_goes_on()
    {
        scratch.Write("sums", Long);
        (BuildOutcome outcome, int kept) = Stop(scratch.Artifacts("sums", Kept), Signals.Interruption);

        Assert.That(outcome.ExitCode, Is.Not.Zero, outcome.Output);
        Assert.That(outcome.Errors.Select(error => error.Code), Is.EqualTo((string[])["HRN0404"]), outcome.Output);
        Assert.That(outcome.Errors[0].Text, Does.Contain($"{kept} of 25606 samples are kept: run the same command again to go on"));
        Assert.That(kept, Is.InRange(1, 25605));
        scratch.Build("sums", "-t:Plan").Succeeded();
    }

    [Test]
    public void A_terminated_build_leaves_no_program_behind()
    {
        scratch.Write("sums", Long);
        (BuildOutcome outcome, _) = Stop(scratch.Artifacts("sums", Kept), Signals.Termination);

        Assert.That(outcome.ExitCode, Is.Not.Zero, outcome.Output);
        Assert.That(() => IsRunning("sums"), Is.False.After(delayInMilliseconds: 60_000, pollingInterval: 20));
        Assert.That(GenerationLog.Read(scratch.Artifacts("sums", Kept)), Has.Count.InRange(1, 25605));
    }

    /// <summary>
    /// A program that is not the harness: it ends of the first signal, without a word. The tasks lie beside it, in a folder with an
    /// apostrophe.
    /// </summary>
    [Test]
    public void An_interruption_that_the_program_could_not_answer_is_said()
    {
        scratch.Write("sums", Manifests.Sums, withModel: false);
        string started = Path.Combine(scratch.Root, "started"), program = Path.Combine(scratch.Root, "program");
        Directory.CreateDirectory(program);
        foreach (string library in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll"))
            File.CreateSymbolicLink(Path.Combine(program, Path.GetFileName(library)), library);
        File.WriteAllText(Path.Combine(program, "slow.sh"), "echo begun > started; exec sleep 600\n");

        (BuildOutcome outcome, _) = Stop(started, Signals.Interruption, "-p:HarnessHost=/bin/sh",
            $"-p:HarnessProgram={Path.Combine(program, "slow.sh")}");

        Assert.That(outcome.Errors.Select(error => (error.Code, error.File)),
            Is.EqualTo(((string, string)[])[("HRN0404", scratch.Results("sums", "sums.proj"))]), outcome.Output);
        Assert.That(outcome.Errors[0].Text, Does.Contain("before it could say what is kept, which is not lost: run the same command"));
    }

    /// <summary>Sends a signal to a build of sums when a file of it has grown; how it ended, and the samples that it kept.</summary>
    (BuildOutcome Outcome, int Kept) Stop(string file, int signal, params string[] arguments)
    {
        FileInfo growing = new(file);
        long enough = file.EndsWith(Kept, StringComparison.Ordinal) ? 20_000 : 1;
        using Process build = Signals.Interruptible(() => scratch.StartBuild("sums", arguments));
        Task<string> output = build.StandardOutput.ReadToEndAsync(), errors = build.StandardError.ReadToEndAsync();
        while (!build.WaitForExit(TimeSpan.FromMilliseconds(5)) && !(growing.Exists && growing.Length >= enough))
            growing.Refresh();
        if (build.HasExited)
            Assert.Fail($"the build ended before it could be interrupted: {output.Result}{errors.Result}");
        Assert.That(Signals.Send(build.Id, signal), Is.Zero);
        build.WaitForExit();
        return (new BuildOutcome(build.ExitCode, output.Result + errors.Result), GenerationLog.Read(scratch.Artifacts("sums", Kept)).Count);
    }

    bool IsRunning(string experiment)
    {
        try
        {
            using FileStream free = new(scratch.Artifacts(experiment, "run.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
