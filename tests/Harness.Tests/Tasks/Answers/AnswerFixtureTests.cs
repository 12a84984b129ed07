using System.Text;
using System.Text.Json;
using Harness.Tasks.Answers;
using Harness.Tasks.Files;
using Harness.Tests.Shared;

namespace Harness.Tests.Tasks.Answers;

/// <summary>Texts of models, and texts written to be hard, each with what a careful person reads in it and why.</summary>
public class AnswerFixtureTests
{
    static readonly string[] Lines =
        [.. File.ReadAllLines(Path.Combine(Repository.Root, "tests/Harness.Tests/Tasks/Fixtures/answers.jsonl"))
            .Where(line => line.Length > 0)];

    static IEnumerable<TestCaseData> Cases =>
        Lines.Select((line, i) => new TestCaseData(line).SetName($"what_a_careful_person_reads_is_read(line {i + 1})"));

    [TestCaseSource(nameof(Cases))]
    public void what_a_careful_person_reads_is_read(string line)
    {
        using JsonDocument expected = JsonDocument.Parse(line);
        TextLine text = new TextFile(AnswerComparison.Numeric, '.', pattern: null).Read(Encoding.UTF8.GetBytes(line), "answers.jsonl")[0];

        string? extracted = new AnswerReader { Labels = text.Labels }.Extract(text.Text, text.Gold);

        string why = expected.RootElement.GetProperty("why").GetString()!;
        Assert.That(extracted, Is.EqualTo(expected.RootElement.GetProperty("expected").GetString()), why);
        Assert.That(
            AnswerReader.IsCorrect(extracted, text.Gold), Is.EqualTo(expected.RootElement.GetProperty("correct").GetBoolean()), why);
    }

    [Test]
    public void half_of_at_least_160_texts_are_real()
    {
        int generated = Lines.Count(line => line.Contains("\"source\": \"generated\""));
        Assert.That(Lines, Has.Length.GreaterThanOrEqualTo(160));
        Assert.That(generated * 2, Is.GreaterThanOrEqualTo(160));
    }
}
