using System.Text.Json;
using Harness.Records;
using Harness.Tests.Experiments.Fakes;
using Harness.Tests.Shared;

namespace Harness.Tests.Commands;

[TestFixture]
[NonParallelizable]
public sealed class ShowCommandTests
{
    ScratchExperiment scratch = null!;
    IReadOnlyList<SampleRow> rows = null!;

    string Manifest => Path.Combine(scratch.Root, "manifest.json");

    [OneTimeSetUp]
    public void Run()
    {
        scratch = new ScratchExperiment(
            ScratchExperiment.Demo.Replace("model.bin", Path.Combine(Repository.Root, "results", "base-model", "model")));
        File.WriteAllText(Manifest, JsonSerializer.Serialize(scratch.Raw()));
        Assert.That(CommandLine.Invoke("run", Manifest, "--device", "cpu").Status, Is.Zero);
        rows = SampleTable.Csv.Read(scratch.Result("samples.csv"));
    }

    [OneTimeTearDown]
    public void TearDown() => scratch.Dispose();

    [Test]
    public void A_sample_is_shown_with_its_tokens_or_without()
    {
        SampleRow row = rows.First(row => row is { Pool: "sums", Problem: 2, Sample: 1 });
        string full = Show("2", "1"), text = Show("2", "1", "--text");
        Assert.That(full, Does.Contain("--- tokens ---").And.Contains($"hash {row.TokensHash}"));
        Assert.That(text, Does.Not.Contain("--- tokens ---"));
        Assert.That(text.Split('\n')[^2], Is.EqualTo(full.Split('\n')[^2]).And.StartsWith($"answer: {row.Answer} ("));
    }

    [Test]
    public void Ranges_are_lines_of_JSON_in_order()
    {
        JsonElement[] lines = Lines("0-1", "1..2", "--jsonl");
        Assert.That(lines.Select(Place), Is.EqualTo(new[] { (0, 1), (0, 2), (1, 1), (1, 2) }));
        Assert.That(lines[0].EnumerateObject().Select(member => member.Name), Is.EqualTo(new[]
        {
            "pool", "problem", "sample", "prompt", "text", "answer", "gold", "correct", "finish", "tokens_hash",
        }));
        Assert.That(lines.Select(line => line.GetProperty("tokens_hash").GetString()),
            Is.EqualTo(rows.Where(row => row is { Pool: "sums", Problem: 0 or 1, Sample: 1 or 2 }).Select(row => row.TokensHash)));
    }

    [Test]
    public void A_problem_alone_is_all_of_its_samples_and_a_list_those_it_names()
    {
        Assert.That(Lines("3", "--jsonl").Select(Place), Is.EqualTo(new[] { (3, 0), (3, 1), (3, 2), (3, 3) }));
        Assert.That(Lines("1,4", "0", "--jsonl", "--pool", "greedy").Select(Place), Is.EqualTo(new[] { (1, 0), (4, 0) }));
    }

    [Test]
    public void All_wrong_ones_are_those_of_samples_csv()
    {
        (int, int)[] wrong = [.. rows.Where(row => row.Pool == "sums" && row.Correct == 0).Select(row => (row.Problem, row.Sample))];
        Assert.That(wrong, Has.Length.InRange(1, 23));
        JsonElement[] lines = Lines("--all-wrong", "--jsonl");
        Assert.That(lines.Select(Place), Is.EqualTo(wrong));
        Assert.That(lines.Select(line => line.GetProperty("correct").GetBoolean()), Is.All.False);
        Assert.That(lines.Select(line => line.GetProperty("gold").GetString()), Is.All.Not.Empty);
        int problem = wrong[0].Item1;
        Assert.That(Lines($"{problem}", "--all-wrong", "--jsonl").Select(Place), Is.EqualTo(wrong.Where(place => place.Item1 == problem)));
    }

    [Test]
    public void One_sample_is_a_JSON_object_and_several_are_an_array()
    {
        JsonElement one = JsonDocument.Parse(Show("0", "0", "--json")).RootElement;
        JsonElement several = JsonDocument.Parse(Show("0", "0-1", "--json")).RootElement;
        Assert.That(one.GetProperty("tokens").GetArrayLength(), Is.EqualTo(rows[0].Tokens));
        Assert.That(several.GetArrayLength(), Is.EqualTo(2));
        Assert.That(
            several[0].GetRawText().ReplaceLineEndings().Replace(" ", ""),
            Is.EqualTo(one.GetRawText().ReplaceLineEndings().Replace(" ", "")));
    }

    [TestCase("HRN0505", "6", "0"), TestCase("HRN0505", "0", "2-4"), TestCase("HRN0505", "0", "0", "--pool", "sum")]
    [TestCase("HRN0405", "x", "0")]
    [TestCase("HRN0405"), TestCase("HRN0405", "0", "0", "--text", "--jsonl")]
    public void What_there_is_not_has_a_code(string code, params string[] arguments)
    {
        (int status, string output, string error) = CommandLine.Invoke(["show", Manifest, .. arguments]);
        Assert.That((status, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.StartWith($"harness: error {code}: "));
    }

    string Show(params string[] arguments)
    {
        (int status, string output, string error) = CommandLine.Invoke(["show", Manifest, "--device", "cpu", .. arguments]);
        Assert.That((status, error), Is.EqualTo((0, "")));
        return output;
    }

    JsonElement[] Lines(params string[] arguments) =>
        [.. Show(arguments).TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];

    static (int, int) Place(JsonElement line) => (line.GetProperty("problem").GetInt32(), line.GetProperty("sample").GetInt32());
}
