using Harness.Tests.Shared;

namespace Build.Tests;

public sealed class FreshCloneTests
{
    /// <summary>
    /// Nothing restored, nothing built, no network, overrides and hostile variables that must not reach the build of the program.
    /// </summary>
    [Test]
    public void One_command_restores_builds_and_runs()
    {
        using ScratchRepository scratch = new();
        foreach (string folder in (string[])["harness", "kernels", "results/base-model", "results/quickstart"])
            ScratchRepository.CopyFolder(Path.Combine(Repository.Root, folder), Path.Combine(scratch.Root, folder));
        foreach (string file in Directory.EnumerateFiles(Repository.Root).Where(file => IsOfTheBuild(Path.GetFileName(file))))
            File.Copy(file, Path.Combine(scratch.Root, Path.GetFileName(file)));
        SortedDictionary<string, string> committed = scratch.Committed("quickstart");
        Dictionary<string, string> variables = new()
        {
            ["MODEL"] = "nowhere",
            ["SEED"] = "77",
            ["TITLE"] = "wrong",
            // The analysers have had their say where these tests were built.
            ["RunAnalyzers"] = "false",
            ["NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT"] = "1",
            ["NUGET_ENHANCED_NETWORK_RETRY_DELAY_MILLISECONDS"] = "1",
        };
        // The only feed can't be reached: packages are those of earlier restores.
        File.WriteAllText(Path.Combine(scratch.Root, "nuget.config"), """
            <configuration>
              <packageSources><clear /><add key="unreachable" value="https://localhost:1/v3/index.json" /></packageSources>
            </configuration>
            """);

        BuildOutcome outcome = scratch.Dotnet(["build", "results/quickstart", "-p:Problems=2", "-p:Samples=2", "-p:Title=Two"], variables)
            .Succeeded();

        Assert.That(outcome.Diagnostics, Is.Empty, outcome.Output);
        Assert.That(scratch.Committed("quickstart"), Is.EqualTo(committed));
        Assert.That(Directory.GetFiles(scratch.Artifacts("quickstart"), "samples.csv", SearchOption.AllDirectories), Has.Length.EqualTo(1));
        Assert.That(Path.Combine(scratch.Root, "harness", "bin"), Does.Exist);
        Assert.That(Directory.GetDirectories(Path.Combine(scratch.Root, "harness", "bin")).Select(Path.GetFileName),
            Is.EqualTo((string[])["Release"]));

        string program = Path.Combine(scratch.Root, "harness", "bin", "Release", "net10.0", "harness.dll");
        DateTime built = File.GetLastWriteTimeUtc(program);
        Assert.That(Mentions(scratch.Dotnet(["build", "results/quickstart", "-v:n"], variables), "Harness.csproj"), Is.False,
            "nothing of the program has changed");
        Assert.That(File.GetLastWriteTimeUtc(program), Is.EqualTo(built));
        File.Delete(Path.Combine(scratch.Root, "harness", "Commands", "RunCommand.cs"));
        BuildOutcome broken = scratch.Dotnet(["build", "results/quickstart"], variables);
        Assert.That(broken.ExitCode, Is.Not.Zero, "a source that is gone is noticed");
        Assert.That(broken.Output, Does.Contain("RunCommand"));
    }

    static bool Mentions(BuildOutcome outcome, string text) => outcome.Succeeded().Output.Contains(text, StringComparison.Ordinal);

    static bool IsOfTheBuild(string file) =>
        file.StartsWith("Directory.", StringComparison.Ordinal) || file is "global.json" or ".editorconfig"
            || file.Equals("nuget.config", StringComparison.OrdinalIgnoreCase);
}
