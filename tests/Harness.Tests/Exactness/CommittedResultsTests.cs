using Harness.Tests.Shared;

namespace Harness.Tests.Exactness;

/// <summary>Today's code against what is committed: a seeded hundredth of the samples, and every file derived from them.</summary>
public class CommittedResultsTests
{
    public static IEnumerable<string> Experiments =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "results"), "run.json", SearchOption.AllDirectories)
        .Select(file => Path.GetFileName(Path.GetDirectoryName(file)!))
        .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Experiments))]
    public void Committed_results_are_what_the_code_gives(string experiment)
    {
        HarnessProcess verify = HarnessProcess.Run(["verify", Path.Combine("results", experiment), "--sample", "0.01"]);
        if (verify.ExitCode == 2
            && (verify.Error.Contains("HRN0201", StringComparison.Ordinal) || verify.Error.Contains("HRN0301", StringComparison.Ordinal)))
            Assert.Ignore($"{experiment}: its model or data is not here: {verify.Error.Trim()}");
        if (verify.Output.Contains("HRN0506", StringComparison.Ordinal))
            Assert.Ignore($"{experiment}: its recorded file is not here: {verify.Output.Trim()}");
        Assert.That(verify.ExitCode, Is.Zero, verify.Output + verify.Error);
        Assert.That(verify.Output, Does.Contain($"{experiment}: verified"));
    }

    [Test]
    public void The_quickstart_has_committed_results() => Assert.That(Experiments, Has.Member("quickstart"));
}
