using Harness.Tests.Shared;

namespace Build.Tests;

public sealed class FreshCloneTests
{
    /// <summary>Nothing restored, nothing built, overrides and hostile variables that must not reach the build of the program.</summary>
    [Test]
    public void One_command_restores_builds_and_runs()
    {
        using ScratchRepository scratch = new();
        foreach (string folder in (string[])["harness", "kernels", "results/quickstart"])
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
        };

        BuildOutcome outcome = scratch.Dotnet(["build", "results/quickstart", "-p:Problems=2", "-p:Samples=2", "-p:Title=Two"], variables).Succeeded();

        Assert.That(outcome.Diagnostics, Is.Empty, outcome.Output);
        Assert.That(scratch.Committed("quickstart"), Is.EqualTo(committed));
        Assert.That(Directory.GetFiles(scratch.Artifacts("quickstart"), "samples.csv", SearchOption.AllDirectories), Has.Length.EqualTo(1));
        Assert.That(Path.Combine(scratch.Root, "harness", "bin"), Does.Exist);
        Assert.That(Directory.GetDirectories(Path.Combine(scratch.Root, "harness", "bin")).Select(Path.GetFileName), Is.EqualTo((string[])["Release"]));
    }

    static bool IsOfTheBuild(string file) =>
        file.StartsWith("Directory.", StringComparison.Ordinal) || file is "global.json" or ".editorconfig" || file.Equals("nuget.config", StringComparison.OrdinalIgnoreCase);
}
