namespace Build.Tests;

/// <summary>An experiment in a folder of another repository, which imports the props of this one.</summary>
public sealed class OtherRepositoryTests
{
    ScratchRepository scratch = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        scratch = new ScratchRepository();
        scratch.Write("vote", Manifests.Sums);
        foreach (string repository in (string[])["one", "two"])
        {
            string folder = Path.Combine(scratch.Root, repository, "studies", "vote");
            ScratchRepository.CopyFolder(scratch.Results("vote"), folder);
            File.WriteAllText(Path.Combine(folder, "vote.proj"), Manifests.Sums.Replace("../../harness", "../../../harness"));
        }
        Directory.CreateDirectory(Path.Combine(scratch.Root, "one", ".git"));
        File.WriteAllText(Path.Combine(scratch.Root, "one", ".git", "HEAD"), "ref: refs/heads/main\n");
        File.WriteAllText(Path.Combine(scratch.Root, "two", ".git"), "gitdir: elsewhere\n");
    }

    [OneTimeTearDown]
    public void TearDown() => scratch.Dispose();

    [Test]
    public void Repositories_never_share_artifacts()
    {
        foreach (string folder in (string[])["results/vote", "one/studies/vote", "two/studies/vote"])
            scratch.Dotnet(["build", folder, "-t:ResolveManifest", $"-p:HarnessProgram={ScratchRepository.Program}"],
                new Dictionary<string, string>()).Succeeded();

        Assert.That(Directory.GetFiles(scratch.Root, "manifest.json", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(scratch.Root, file)),
            Is.EquivalentTo((string[])["artifacts/vote/manifest.json", "one/artifacts/studies/vote/manifest.json",
                "two/artifacts/studies/vote/manifest.json"]));
    }

    /// <summary>The terminal logger hides what a build's projects say; nothing above this one turns it off.</summary>
    [Test]
    public void A_terminal_shows_progress_table_and_paths()
    {
        const string recorder = "/usr/bin/script";
        if (!File.Exists(recorder))
            Assert.Ignore($"{recorder}, which records what a terminal is given, is not there");

        BuildOutcome outcome = scratch.OnTerminal($"dotnet build one/studies/vote -tl:on \"-p:HarnessProgram={ScratchRepository.Program}\"")
            .Succeeded();

        Assert.That(outcome.Output, Does.Contain("samples to generate").And.Contain("majority-vote").And.Contain("plot: ")
            .And.Contain("results: "));
        Assert.That(outcome.Output, Does.Contain("\u001b["), "the terminal logger was in use");
    }
}
