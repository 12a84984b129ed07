using System.Text.Json;
using Harness.Tests.Comparison.Fakes;

namespace Harness.Tests.Commands;

/// <summary>harness history as a shell runs it.</summary>
[TestFixture]
[NonParallelizable]
sealed class HistoryCommandTests
{
    static ResultFiles Demo { get; } = ResultFiles.Of("demo", ("think", "10 11"));

    ScratchRepository repository = null!;
    string folder = null!;

    [SetUp]
    public void SetUp()
    {
        folder = Environment.CurrentDirectory;
        repository = new ScratchRepository();
        repository.Commit(Demo);
        repository.Commit(Demo.Answering("think", "11 11"));
        Environment.CurrentDirectory = repository.Root;
    }

    [TearDown]
    public void TearDown()
    {
        Environment.CurrentDirectory = folder;
        repository.Dispose();
    }

    [Test]
    public void A_history_is_text_Markdown_or_JSON()
    {
        (int status, string output, string error) = CommandLine.Invoke("history", "demo");
        Assert.That((status, error), Is.EqualTo((0, "")));
        Assert.That(output.ReplaceLineEndings("\n"),
            Does.StartWith("History of demo\n\n2 commits that changed accuracy.csv or a throughput.csv, "));
        Assert.That(CommandLine.Invoke("history", "demo", "--markdown").Output,
            Does.StartWith("# History of demo\n\n<!-- Made by `harness history demo` from committed files. -->\n")
                .And.Contain("\n## think\n"));
        JsonElement json = JsonDocument.Parse(CommandLine.Invoke(
            "history", "demo", "--json", "--strategy", "single", "--last", "1").Output).RootElement;
        Assert.That((json.GetProperty("rows").GetArrayLength(), json.GetProperty("commits").GetArrayLength()), Is.EqualTo((1, 1)));
    }

    [Test]
    public void Plots_are_written_beside_the_text()
    {
        string plots = repository.Beside("plots");
        Assert.That(CommandLine.Invoke("history", "demo", "--metric", "accuracy", "tokens", "--plots", plots).Status, Is.Zero);
        Assert.That(Directory.GetFiles(plots).Select(file => Path.GetFileName(file)), Is.EquivalentTo(
            new[] { "history-accuracy.svg", "history-tokens.svg" }));
    }

    [TestCase("HRN0013", "history", "demmo"), TestCase("HRN0513", "history", "demo", "--since", "nowhere")]
    [TestCase("HRN0405", "history"), TestCase("HRN0405", "history", "demo", "--metric", "speed")]
    [TestCase("HRN0405", "history", "demo", "--last", "0"), TestCase("HRN0405", "history", "demo", "--margin", "2")]
    [TestCase("HRN0405", "history", "demo", "--json", "--markdown"), TestCase("HRN0405", "history", "demo", "--pool", "no")]
    public void What_is_wrong_is_one_line_with_its_code_and_status_2(string code, params string[] line)
    {
        (int status, string output, string error) = CommandLine.Invoke(line);
        Assert.That((status, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.Contain($"error {code}: "));
        Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }
}
