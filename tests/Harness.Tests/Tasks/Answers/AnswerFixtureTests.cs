using System.Text;
using System.Text.Json;
using Harness.Tasks.Answers;
using Harness.Tasks.Files;
using Harness.Tests.Shared;

namespace Harness.Tests.Tasks.Answers;

/// <summary>Texts of models, and texts written to be hard, each with what a careful person reads in it and why.</summary>
public class AnswerFixtureTests
{
    const string Real = "answers.jsonl", Hard = "hard-answers.jsonl";

    static string[] Lines(string file) =>
        [.. File.ReadAllLines(Path.Combine(Repository.Root, "tests/Harness.Tests/Tasks/Fixtures", file)).Where(line => line.Length > 0)];

    static IEnumerable<TestCaseData> Cases => new[] { Real, Hard }.SelectMany(file => Lines(file)
        .Select((line, i) => new TestCaseData(line).SetName($"what_a_careful_person_reads_is_read({file}, line {i + 1})")));

    [TestCaseSource(nameof(Cases))]
    public void what_a_careful_person_reads_is_read(string line)
    {
        using JsonDocument expected = JsonDocument.Parse(line);
        char point = expected.RootElement.TryGetProperty("decimal", out JsonElement separator) ? separator.GetString()![0] : '.';
        TextLine text = new TextFile(AnswerComparison.Numeric, point, pattern: null).Read(Encoding.UTF8.GetBytes(line), Real)[0];

        string? extracted = new AnswerReader { Labels = text.Labels, Point = point }.Extract(text.Text, text.Gold);

        string why = expected.RootElement.GetProperty("why").GetString()!;
        Assert.That(extracted, Is.EqualTo(expected.RootElement.GetProperty("expected").GetString()), why);
        Assert.That(
            AnswerReader.IsCorrect(extracted, text.Gold), Is.EqualTo(expected.RootElement.GetProperty("correct").GetBoolean()), why);
    }

    [Test]
    public void half_of_at_least_160_texts_are_real()
    {
        string[] lines = Lines(Real);
        int generated = lines.Count(line => line.Contains("\"source\": \"generated\""));
        Assert.That(lines, Has.Length.GreaterThanOrEqualTo(160));
        Assert.That(generated * 2, Is.GreaterThanOrEqualTo(lines.Length));
    }
}
