using System.Globalization;
using System.Text.Json.Nodes;
using Harness.Exports;
using Harness.Tests.Comparison.Fakes;

namespace Harness.Tests.Exports;

/// <summary>Results in the form of Microsoft.Extensions.AI.Evaluation, and the folder that its tool opens.</summary>
sealed class EvaluationResultsTests
{
    /// <summary>The first problem is answered right by all samples, the second by one of three that disagree, the third by none.</summary>
    static ResultFiles Demo { get; } = ResultFiles.Of("demo", ("think", "111 100 000"))
        .With("think", 1, 1, row => row with { Answer = "a" }).With("think", 1, 2, row => row with { Answer = "b" });

    ScratchRepository repository = null!;

    [SetUp]
    public void SetUp() => repository = new ScratchRepository();

    [TearDown]
    public void TearDown() => repository.Dispose();

    EvaluationResult[] Results(ResultFiles files)
    {
        repository.Write(files);
        return [.. new EvaluationResults(ExportedExperiment.Read("demo", repository.Root), null).All()];
    }

    static JsonObject Metric(EvaluationResult result, string name) =>
        (JsonObject)result.Json["evaluationResult"]!["metrics"]![name]!;

    static bool HasFailed(EvaluationResult result) => ((JsonObject)result.Json["evaluationResult"]!["metrics"]!)
        .Any(metric => metric.Value!["interpretation"]?["failed"]?.GetValue<bool>() == true);

    [Test]
    public void Scenarios_are_a_pool_s_problems_and_its_strategies() =>
        Assert.That(Results(Demo).Select(result => (result.Scenario, result.Iteration)), Is.EqualTo(new[]
        {
            ("demo.think.problems", "0"), ("demo.think.problems", "1"), ("demo.think.problems", "2"),
            ("demo.think.single", "1"), ("demo.think.coverage", "3"),
        }));

    [Test]
    public void Iterations_sort_as_texts_by_their_numbers()
    {
        string[] iterations = [.. Results(ResultFiles.Of("demo", ("think", ResultFiles.Repeat((11, "1"))))).Take(11)
            .Select(result => result.Iteration)];
        Assert.That(iterations, Is.EqualTo(iterations.Order(StringComparer.Ordinal)).And.Contain("02").And.Contain("10"));
    }

    [Test]
    public void A_problem_has_its_share_its_majority_and_its_costs()
    {
        EvaluationResult[] problems = Results(Demo);
        Assert.That(problems.Take(3).Select(result => Metric(result, "pass@1")["value"]!.GetValue<double>()),
            Is.EqualTo(new[] { 1, 1 / 3.0, 0 }));
        Assert.That(problems.Take(3).Select(result => Metric(result, "majority right")["value"]!.GetValue<bool>()),
            Is.EqualTo(new[] { true, false, false }));
        Assert.That(Metric(problems[1], "majority right")["reason"]!.ToString(), Is.EqualTo("3 answers tie at 1 of 3 samples"));
        Assert.That(new[] { "samples", "tokens" }.Select(name => Metric(problems[0], name)["value"]!.GetValue<double>()),
            Is.EqualTo(new[] { 3.0, 7.0 }));
        Assert.That(problems.Take(3).Select(HasFailed), Is.EqualTo(new[] { false, true, true }));
        Assert.That(problems[1].Json["modelResponse"]!["messages"]![0]!["contents"]![0]!.ToJsonString(),
            Is.EqualTo("{\"$type\":\"text\",\"text\":\"answer 1: 1, right; a: 1; b: 1\"}"));
    }

    [Test]
    public void Without_right_answers_there_is_no_majority()
    {
        EvaluationResult result = Results(Demo with { Problems = [] })[1];
        Assert.That(((JsonObject)result.Json["evaluationResult"]!["metrics"]!).Select(metric => metric.Key),
            Is.EqualTo(new[] { "pass@1", "samples", "tokens" }));
        Assert.That(HasFailed(result), Is.False);
    }

    [Test]
    public void A_strategy_has_its_accuracy_interval_and_costs_and_what_is_unknown_has_no_value()
    {
        EvaluationResult result = Results(Demo with { Estimate = rows => rows.Select(row => row with { Flops = double.NaN }) })[4];
        JsonObject metrics = (JsonObject)result.Json["evaluationResult"]!["metrics"]!;
        Assert.That(metrics.Select(metric => (metric.Key, metric.Value!["value"]?.ToString())), Is.EqualTo(new[]
            {
                ("accuracy", "0.6666666666666666"), ("ci_low", "0.3333333333333333"), ("ci_high", "0.8333333333333333"), ("problems", "3"),
                ("tokens", "21"), ("flops", null),
            }));
    }

    [Test]
    public void The_kind_of_a_metric_comes_first_and_its_key_is_its_name()
    {
        foreach (EvaluationResult result in Results(Demo))
        {
            foreach ((string name, JsonNode? metric) in (JsonObject)result.Json["evaluationResult"]!["metrics"]!)
            {
                Assert.That(((JsonObject)metric!).First().Key, Is.EqualTo("$type"), name);
                Assert.That(metric!["name"]!.ToString(), Is.EqualTo(name));
            }
        }
    }

    [Test]
    public void Time_and_execution_are_the_commit_s_or_those_of_no_commit()
    {
        string commit = repository.Commit(Demo);
        File.WriteAllText(Path.Combine(repository.Root, "text.txt"), "text");
        repository.Commit();
        JsonObject committed = Results(Demo)[0].Json;
        DateTimeOffset date = DateTimeOffset.Parse(repository.Git("show", "-s", "--format=%cI", commit), CultureInfo.InvariantCulture);
        string time = date.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        Assert.That((committed["executionName"]!.ToString(), committed["creationTime"]!.ToString()), Is.EqualTo((commit[..7], time)));
        JsonObject edited = Results(Demo.Answering("think", "111 100 001"))[0].Json;
        Assert.That((edited["executionName"]!.ToString(), edited["creationTime"]!.ToString()),
            Is.EqualTo(("worktree", "1970-01-01T00:00:00Z")));
    }

    [Test]
    public void A_store_holds_what_is_exported_now_beside_other_experiments()
    {
        string store = repository.Beside("store"), run = Path.Combine(store, "results", "worktree");
        Write(Demo);
        Write(ResultFiles.Of("demo.two", ("think", "1")));
        Write(ResultFiles.Of("demo", ("think", "11")));
        string[] files = [.. Directory.GetFiles(store, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(run, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        Assert.That(files, Is.EqualTo(new[]
            {
                "demo.think.coverage/2.json", "demo.think.problems/0.json", "demo.think.single/1.json", "demo_two.think.problems/0.json",
                "demo_two.think.single/1.json",
            }));
        string text = File.ReadAllText(Path.Combine(run, "demo.think.single", "1.json"));
        Assert.That(JsonNode.Parse(text)!["scenarioName"]!.ToString(), Is.EqualTo("demo.think.single"));
        Assert.That(text, Does.EndWith("}\n").And.Not.Contain("\r"));

        void Write(ResultFiles files)
        {
            repository.Write(files);
            EvaluationStore.Write(store, new EvaluationResults(ExportedExperiment.Read(files.Name, repository.Root), null));
        }
    }
}
