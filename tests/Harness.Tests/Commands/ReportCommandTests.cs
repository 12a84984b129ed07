using Harness.Tests.Comparison.Fakes;

namespace Harness.Tests.Commands;

/// <summary>harness report as a shell runs it.</summary>
[TestFixture]
[NonParallelizable]
sealed class ReportCommandTests
{
    ScratchRepository repository = null!;
    string folder = null!;

    [SetUp]
    public void SetUp()
    {
        folder = Environment.CurrentDirectory;
        repository = new ScratchRepository();
        repository.Commit(ResultFiles.Of("old", ("greedy", "1 0")));
        repository.Git("tag", "first");
        repository.Commit(ResultFiles.Of("demo", ("greedy", "1 0")), ResultFiles.Of("other", ("think", "10 11")));
        Environment.CurrentDirectory = repository.Root;
    }

    [TearDown]
    public void TearDown()
    {
        Environment.CurrentDirectory = folder;
        repository.Dispose();
    }

    [TestCase("2 experiments, "), TestCase("2 experiments, ", "worktree"), TestCase("2 experiments, ", "./results")]
    [TestCase("1 experiment, ", "first"), TestCase("1 experiment, ", "HEAD", "other"), TestCase("1 experiment, ", "demo")]
    public void A_side_and_experiments_are_named(string expected, params string[] words)
    {
        (int status, string output, string error) = CommandLine.Invoke(["report", .. words]);
        Assert.That((status, error), Is.EqualTo((0, "")));
        Assert.That(output.Split('\n')[2], Does.StartWith(expected));
    }

    [Test]
    public void A_page_is_one_file_that_holds_plots_and_the_terminal_gets_the_summary()
    {
        string file = repository.Beside("report.html");
        (int status, string output, _) = CommandLine.Invoke("report", "HEAD", "other", "--html", file);
        Assert.That((status, output.Trim().Split('\n').Length), Is.EqualTo((0, 2)));
        Assert.That(File.ReadAllText(file), Does.Contain("<svg ").And.Contain("Made by `harness report HEAD other` from committed files."));
    }

    [Test]
    public void Markdown_has_a_heading_for_each_experiment() =>
        Assert.That(CommandLine.Invoke("report", "--markdown").Output.ReplaceLineEndings("\n"),
            Does.StartWith("# Results of worktree (").And.Contain("\n## demo\n").And.Contain("\n## other\n").And.Contain("**demo**: "));

    [Test]
    public void Samples_of_results_without_a_manifest_are_a_page_without_texts()
    {
        string file = repository.Beside("samples.html");
        (int status, string output, string error) = CommandLine.Invoke("report", "HEAD", "--samples", "other", "--html", file);
        Assert.That((status, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("samples of other, 0 texts, 0.0 MB in 1 page"));
        Assert.That(File.ReadAllText(file), Does.Contain("There is no manifest of it where this page was made.")
            .And.Contain("Made by `harness report HEAD --samples other`."));
    }

    [TestCase("HRN0405", "report", "--samples", "other"), TestCase("HRN0405", "report", "HEAD", "demo", "--samples", "x", "--html", "f")]
    [TestCase("HRN0013", "report", "--samples", "demmo", "--html", "f")]
    [TestCase("HRN0513", "report", "nowhere"), TestCase("HRN0013", "report", "HEAD", "demmo")]
    public void What_is_wrong_is_one_line_with_its_code_and_status_2(string code, params string[] line)
    {
        (int status, string output, string error) = CommandLine.Invoke(line);
        Assert.That((status, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.Contain($"error {code}: "));
    }
}
