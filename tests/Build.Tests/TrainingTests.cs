using System.Diagnostics;
using System.Globalization;
using Harness.Records;

namespace Build.Tests;

public sealed class TrainingTests
{
    const string Name = "trained";

    /// <summary>Two models of a second.</summary>
    const string Manifest = """
        <Project DefaultTargets="Build">
          <Import Project="../../harness/build/Experiment.props" />
          <PropertyGroup>
            <Title>A tiny model</Title>
          </PropertyGroup>
          <ItemGroup>
            <Data Include="think" Task="sum" Difficulty="2;3" Share="3" />
            <Data Include="direct" Task="sum" Difficulty="2;3" Prompt="direct" For="model" />
            <Train Include="model" Shape="d=16;layers=1;heads=2;ffn=32" Tokens="400k" BatchTokens="2k" LearningRate="1e-2" Warmup="10" />
            <Train Include="other" Shape="d=8;layers=1;heads=1;ffn=16" Tokens="60k;120k" BatchTokens="2k" LearningRate="1e-2" Warmup="10" />
          </ItemGroup>
          <Import Project="../../harness/build/Experiment.targets" />
        </Project>
        """;

    ScratchRepository scratch = null!;
    SortedDictionary<string, string> expected = null!;

    string Resolved => scratch.Artifacts(Name, "manifest.json");

    string Models => scratch.Artifacts(Name, "models");

    [OneTimeSetUp]
    public void BuildOnce()
    {
        scratch = new ScratchRepository();
        scratch.Write(Name, Manifest, withModel: false);
        BuildOutcome outcome = scratch.Build(Name).Succeeded();
        Assert.That(outcome.Output, Does.Contain("3 models to train").And.Contain("step 200 of 200, loss "));
        expected = Results();
    }

    [OneTimeTearDown]
    public void TearDown() => scratch.Dispose();

    [Test]
    public void It_is_made_once_and_verified_whole_or_in_its_first_steps()
    {
        Assert.That(scratch.Build(Name).Succeeded().Output, Does.Contain($"{Name} is up to date"));
        Assert.That(scratch.Build(Name, "-t:Verify").Succeeded().Output, Does.Contain($"{Name}: verified"));
        foreach (string target in (string[])["Verify", "Build"])
        {
            BuildOutcome outcome = scratch.Build(Name, $"-t:{target}", "-p:StopAfter=20").Succeeded();
            Assert.That(outcome.Output, Does.Contain("the first 20 steps of each model are verified"));
        }
        Assert.That(Results(), Is.EqualTo(expected));
    }

    [Test]
    public void A_shorter_schedule_is_tried_in_artifacts()
    {
        BuildOutcome outcome = scratch.Build(Name, "-p:Tokens=20k", "-p:model-Tokens=40k").Succeeded();
        Assert.That(outcome.Output, Does.Contain("step 20 of 20").And.Contain("step 10 of 10"));
        Assert.That(Results(), Is.EqualTo(expected));
    }

    /// <summary>HARNESS_KILL_ROUNDS asks for more rounds than the few that every test run makes.</summary>
    [Test]
    public void Killed_at_any_moment_and_gone_on_it_ends_with_the_same_bytes()
    {
        int rounds = int.Parse(Environment.GetEnvironmentVariable("HARNESS_KILL_ROUNDS") ?? "2", CultureInfo.InvariantCulture);
        NUnit.Framework.Internal.Randomizer moments = TestContext.CurrentContext.Random;
        Stopwatch whole = Stopwatch.StartNew();
        Forget();
        Assert.That(scratch.Run("run", Resolved).ExitCode, Is.Zero);
        TimeSpan time = whole.Elapsed;
        int kept = 0;
        for (int round = 0; round < rounds; round++)
        {
            Forget();
            // One kill in each half, so that the second interrupts a run that had resumed.
            for (int kill = 0; kill < 2; kill++)
            {
                KillAfter(time * ((kill + moments.NextDouble()) / 2));
                kept += Directory.Exists(Models) && Directory.EnumerateFiles(Models, "*.counts", SearchOption.AllDirectories).Any() ? 1 : 0;
            }
            BuildOutcome resumed = scratch.Run("run", Resolved);

            Assert.That(resumed.ExitCode, Is.Zero, resumed.Output);
            Assert.That(Results(), Is.EqualTo(expected), $"round {round}");
        }
        Assert.That(kept, Is.Positive, "no kill came after a state was kept");
    }

    [Test]
    public void Mistakes_are_errors_at_their_place_before_anything_runs()
    {
        scratch.Write(
            "wrong", Manifest.Replace("heads=2", "heads=3").Replace("Prompt=\"direct\"", "Prompt=\"directly\""), withModel: false);
        LoggedDiagnostic[] errors = [.. scratch.Build("wrong", "-p:Isa=portable").Errors];
        Assert.That(errors.Select(error => (error.Code, error.Line)), Is.EqualTo(new[] { ("HRN0007", 8), ("HRN0007", 9) }));
        Assert.That(scratch.Build("wrong", "-p:Tokns=2k").Errors.Select(error => error.Text), Has.Some.Contains("did you mean 'Tokens'?"));
        scratch.Write("untrained", Manifests.Sums);
        LoggedDiagnostic stop = scratch.Build("untrained", "-t:Plan", "-p:StopAfter=20").Failed();
        Assert.That(stop.Text, Does.Contain("the manifest trains no model"));
    }

    void KillAfter(TimeSpan time)
    {
        using Process process = scratch.Start("run", Resolved);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(time))
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        Task.WaitAll(output, errors);
    }

    void Forget()
    {
        foreach (string name in Results().Keys)
            File.Delete(scratch.Results(Name, name));
        if (Directory.Exists(Models))
            Directory.Delete(Models, recursive: true);
    }

    SortedDictionary<string, string> Results()
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(scratch.Results(Name), "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(scratch.Results(Name), path);
            if (!name.EndsWith(".proj", StringComparison.Ordinal))
                files.Add(name, Hashes.OfFile(path));
        }
        return files;
    }
}
