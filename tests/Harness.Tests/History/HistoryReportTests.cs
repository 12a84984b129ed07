using System.Text.Json;
using Harness.History;
using Harness.Records;
using Harness.Reports;
using Harness.Tests.Comparison.Fakes;

namespace Harness.Tests.History;

/// <summary>What a history says as text, JSON and figures.</summary>
sealed class HistoryReportTests
{
    static ResultFiles Demo { get; } = ResultFiles.Of("demo", ("greedy", ResultFiles.Repeat((20, "0"))), ("think", "10 11"));

    static ResultFiles Better { get; } = Demo.Answering("greedy", ResultFiles.Repeat((10, "1"), (10, "0"))) with
    {
        Estimate = rows => rows.Select(row => row with { Flops = 1.5 * row.Flops }),
    };

    ScratchRepository repository = null!;
    string first = "", last = "";

    [SetUp]
    public void SetUp()
    {
        repository = new ScratchRepository();
        first = repository.Commit(Demo)[..7];
        repository.Commit(Demo with { Text = (file, text) => file == "accuracy.csv" ? text.Replace("accuracy", "accurate") : text });
        last = repository.Commit(Better)[..7];
    }

    [TearDown]
    public void TearDown() => repository.Dispose();

    ResultHistory History(params HistoryMetric[] metrics) =>
        ResultHistory.Of("demo", new HistorySelection { Metrics = metrics }, repository.Root);

    string[] Lines(params HistoryMetric[] metrics) => [.. TerminalReport.Lines(HistoryReport.Of(History(metrics)))
        .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];

    [Test]
    public void Each_commit_is_a_row_with_what_moved_there()
    {
        string day = repository.Git("show", "-s", "--format=%cs", "HEAD");
        string[] lines = Lines();
        Assert.That(lines, Does.Contain($"{first} {day} first of 3 rows results"));
        Assert.That(lines, Has.One.Contains($"{day} accuracy.csv can't be read: line 1: the header lacks the column 'accuracy' results"));
        Assert.That(lines, Does.Contain($"{last} {day} accuracy 1 (1 changed), FLOPs 3 of 3 rows results"));
    }

    [Test]
    public void A_row_is_listed_where_it_began_and_where_it_moved()
    {
        string day = repository.Git("show", "-s", "--format=%cs", "HEAD");
        string[] lines = Lines();
        Assert.That(lines, Does.Contain($"single 1x {first} {day} 0.000 (0.000 to 0.500) 7.0 1000"));
        Assert.That(lines, Does.Contain($"{last} {day} 0.500 (0.250 to 0.750) +0.500 changed 7.0 1500 +50.0 %"));
        Assert.That(lines, Does.Contain($"{last} {day} 0.750 (0.375 to 0.875) 7.0 1500 +50.0 %"));
    }

    [Test]
    public void Only_the_metric_that_is_asked_for_is_a_column()
    {
        string[] lines = Lines(HistoryMetric.Accuracy);
        Assert.That(lines, Does.Contain("row commit date accuracy (95 %) moved verdict").And.None.Contains("FLOPs 3"));
        Assert.That(lines.Where(line => line.StartsWith("single 1x") || line.StartsWith("coverage 2x")).ToArray(), Has.Length.EqualTo(3));
        Assert.That(lines.Count(line => line.StartsWith(last)), Is.EqualTo(2), "the commit, and the one row that moved");
    }

    [Test]
    public void Json_has_every_point_in_numbers()
    {
        JsonElement history = JsonDocument.Parse(JsonStyle.Write(HistoryJson.Of(History()))).RootElement;
        Assert.That(history.GetProperty("commits").EnumerateArray().Select(commit => commit.GetProperty("unreadable").GetString()),
            Is.EqualTo(new[] { null, "accuracy.csv can't be read: line 1: the header lacks the column 'accuracy'", null }));
        JsonElement[] points = [.. history.GetProperty("rows")[0].GetProperty("points").EnumerateArray()];
        Assert.That(points[0].GetProperty("step").ValueKind, Is.EqualTo(JsonValueKind.Null));
        JsonElement step = points[1].GetProperty("step");
        Assert.That((step.GetProperty("since").GetString(), step.GetProperty("accuracy").GetDouble(),
            step.GetProperty("flops_ratio").GetDouble(), step.GetProperty("verdict").GetString()),
            Is.EqualTo((first, 0.5, 1.5, "changed")));
    }

    [Test]
    public void Figures_are_the_same_each_time_one_a_metric_that_is_known()
    {
        ResultHistory history = History();
        Assert.That(HistoryPlots.Of(history).Select(figure => figure.FileName), Is.EqualTo(new[]
        {
            "history-accuracy.svg", "history-tokens.svg", "history-flops.svg",
        }));
        Assert.That(HistoryPlots.Of(history).Select(figure => figure.Svg.Split("1 move, 1 changed<").Length - 1),
            Is.EqualTo(new[] { 1, 0, 0 }), "only accuracies are tested");
        Assert.That(HistoryPlots.Of(history), Is.EqualTo(HistoryPlots.Of(History())));
        Assert.That(HistoryPlots.Of(History(HistoryMetric.Flops)).Select(figure => figure.FileName),
            Is.EqualTo(new[] { "history-flops.svg" }));
    }
}
