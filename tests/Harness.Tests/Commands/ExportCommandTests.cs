using System.Text.Json;
using Harness.Tests.Comparison.Fakes;

namespace Harness.Tests.Commands;

/// <summary>harness export as a shell runs it.</summary>
[TestFixture]
[NonParallelizable]
sealed class ExportCommandTests
{
    ScratchRepository repository = null!;
    string folder = null!;

    [SetUp]
    public void SetUp()
    {
        folder = Environment.CurrentDirectory;
        repository = new ScratchRepository();
        repository.Commit(ResultFiles.Of("demo", ("think", "10 11")));
        Environment.CurrentDirectory = repository.Root;
    }

    [TearDown]
    public void TearDown()
    {
        Environment.CurrentDirectory = folder;
        repository.Dispose();
    }

    [Test]
    public void Lines_go_to_standard_output_or_a_file()
    {
        (int status, string output, string error) = CommandLine.Invoke("export", "demo", "--format", "jsonl");
        Assert.That((status, error), Is.EqualTo((0, "")));
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.That(lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("correct").GetBoolean()),
            Is.EqualTo(new[] { true, false, true, true }));
        string file = repository.Beside("out/samples.jsonl");
        Assert.That(CommandLine.Invoke("export", "demo", "--format", "jsonl", "--out", file).Output, Is.Empty);
        Assert.That(File.ReadAllText(file), Is.EqualTo(output));
    }

    [Test]
    public void A_store_goes_to_artifacts_or_a_folder()
    {
        Assert.That(CommandLine.Invoke("export", "demo", "--format", "aieval").Status, Is.Zero);
        Assert.That(CommandLine.Invoke("export", "demo", "--format", "aieval", "--out", "../store").Status, Is.Zero);
        string[] stores = [Path.Combine(repository.Root, "artifacts", "demo", "aieval"), repository.Beside("store")];
        Assert.That(stores.Select(store => Directory.GetFiles(store, "*.json", SearchOption.AllDirectories).Length), Has.All.EqualTo(4));
    }

    [TestCase("HRN0013", "export", "demmo", "--format", "jsonl"), TestCase("HRN0405", "export", "demo")]
    [TestCase("HRN0405", "export", "demo", "--format", "csv"), TestCase("HRN0405", "export", "demo", "--format", "jsonl", "--out", ".")]
    [TestCase("HRN0405", "export", "demo", "--format", "aieval", "--out", "results/demo/run.json")]
    public void What_is_wrong_is_one_line_with_its_code_and_status_2(string code, params string[] line)
    {
        (int status, string output, string error) = CommandLine.Invoke(line);
        Assert.That((status, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.Contain($"error {code}: "));
        Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }
}
