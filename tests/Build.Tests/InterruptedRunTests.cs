using System.Diagnostics;
using System.Globalization;

namespace Build.Tests;

public sealed class InterruptedRunTests
{
    ScratchRepository scratch = null!;

    string Manifest => scratch.Artifacts("sums", "manifest.json");

    [OneTimeSetUp]
    public void Resolve()
    {
        scratch = new ScratchRepository();
        scratch.Write("sums", Manifests.Sums.Replace("Problems=\"4\" Samples=\"4\"", "Problems=\"40\" Samples=\"16\""));
        scratch.Build("sums", "-t:ResolveManifest").Succeeded();
    }

    [OneTimeTearDown]
    public void TearDown() => scratch.Dispose();

    /// <summary>HARNESS_KILL_ROUNDS asks for more rounds than the few that every test run makes.</summary>
    [Test]
    public void Killed_at_any_moment_and_resumed_it_ends_with_the_same_bytes()
    {
        int rounds = int.Parse(Environment.GetEnvironmentVariable("HARNESS_KILL_ROUNDS") ?? "2", CultureInfo.InvariantCulture);
        long started = Stopwatch.GetTimestamp();
        Assert.That(scratch.Run("run", Manifest).ExitCode, Is.Zero);
        TimeSpan uninterrupted = Stopwatch.GetElapsedTime(started);
        SortedDictionary<string, string> expected = scratch.Committed("sums");
        NUnit.Framework.Internal.Randomizer moments = TestContext.CurrentContext.Random;

        for (int round = 0; round < rounds; round++)
        {
            Forget();
            for (int kill = 0; kill < 2; kill++)
                KillAfter(uninterrupted * moments.NextDouble());
            BuildOutcome resumed = scratch.Run("run", Manifest);

            Assert.That(resumed.ExitCode, Is.Zero, resumed.Output);
            Assert.That(scratch.Committed("sums"), Is.EqualTo(expected), $"round {round}");
        }
    }

    [Test]
    public void A_second_run_at_once_is_refused()
    {
        Directory.CreateDirectory(scratch.Artifacts("sums"));
        using FileStream held = new(scratch.Artifacts("sums", "run.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        BuildOutcome second = scratch.Run("run", Manifest, "--rebuild");

        Assert.That(second.ExitCode, Is.EqualTo(2), second.Output);
        Assert.That(second.Errors.Select(error => error.Code), Is.EqualTo((string[])["HRN0401"]), second.Output);
    }

    void KillAfter(TimeSpan delay)
    {
        using Process process = scratch.Start("run", Manifest);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(delay))
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        Task.WaitAll(output, errors);
    }

    /// <summary>As a clone in which the experiment has never run.</summary>
    void Forget()
    {
        foreach (string file in Directory.EnumerateFiles(scratch.Results("sums")).Where(file => !file.EndsWith(".proj", StringComparison.Ordinal)))
            File.Delete(file);
        foreach (string file in Directory.EnumerateFiles(scratch.Artifacts("sums")).Where(file => file != Manifest))
            File.Delete(file);
    }
}
