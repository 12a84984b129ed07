using System.Diagnostics;
using System.Globalization;
using Harness.Pools;

namespace Build.Tests;

public sealed class InterruptedRunTests
{
    ScratchRepository scratch = null!;

    FileInfo[] Logs => [new(scratch.Artifacts("sums", "think.generations")), new(scratch.Artifacts("sums", "search.generations"))];

    string Manifest => scratch.Artifacts("sums", "manifest.json");

    [OneTimeSetUp]
    public void Resolve()
    {
        scratch = new ScratchRepository();
        scratch.Write("sums", Manifests.Sums.Replace("Problems=\"4\" Samples=\"4\"", "Problems=\"24\" Samples=\"8\""));
        scratch.Build("sums", "-t:ResolveManifest").Succeeded();
    }

    [OneTimeTearDown]
    public void TearDown() => scratch.Dispose();

    /// <summary>HARNESS_KILL_ROUNDS asks for more rounds than the few that every test run makes.</summary>
    [Test]
    public void Killed_at_any_moment_and_resumed_it_ends_with_the_same_bytes()
    {
        int rounds = int.Parse(Environment.GetEnvironmentVariable("HARNESS_KILL_ROUNDS") ?? "2", CultureInfo.InvariantCulture);
        Assert.That(scratch.Run("run", Manifest).ExitCode, Is.Zero);
        SortedDictionary<string, string> expected = scratch.Committed("sums");
        (long bytes, int all) = (BytesLogged(), SamplesLogged());
        NUnit.Framework.Internal.Randomizer moments = TestContext.CurrentContext.Random;
        List<int> kept = [];

        for (int round = 0; round < rounds; round++)
        {
            Forget();
            // One kill in each half, so that the second interrupts a run that had resumed.
            for (int kill = 0; kill < 2; kill++)
            {
                KillOnceLogged((long)(bytes * (kill + moments.NextDouble()) / 2));
                kept.Add(SamplesLogged());
            }
            BuildOutcome resumed = scratch.Run("run", Manifest);

            Assert.That(resumed.ExitCode, Is.Zero, resumed.Output);
            Assert.That(scratch.Committed("sums"), Is.EqualTo(expected), $"round {round}");
            Assert.That(SamplesLogged(), Is.EqualTo(all), "no sample is generated twice");
        }
        Assert.That(kept, Has.Some.InRange(1, all - 1), "no kill came between the first sample and the last");
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

    /// <summary>Kills a run when its logs have grown to so many bytes, unless it ends before.</summary>
    void KillOnceLogged(long bytes)
    {
        using Process process = scratch.Start("run", Manifest);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(1)))
        {
            if (BytesLogged() >= bytes)
                process.Kill(entireProcessTree: true);
        }
        Task.WaitAll(output, errors);
    }

    long BytesLogged() => Logs.Sum(log => log.Exists ? log.Length : 0);

    int SamplesLogged() => Logs.Sum(log => GenerationLog.Read(log.FullName).Count);

    /// <summary>As a clone in which the experiment has never run.</summary>
    void Forget()
    {
        foreach (string file in Directory.EnumerateFiles(scratch.Results("sums"))
            .Where(file => !file.EndsWith(".proj", StringComparison.Ordinal)))
            File.Delete(file);
        foreach (string file in Directory.EnumerateFiles(scratch.Artifacts("sums")).Where(file => file != Manifest))
            File.Delete(file);
    }
}
