using System.Text.Json.Nodes;
using Harness.Comparison;
using Harness.Comparison.Programs;
using Harness.Comparison.Sources;
using Harness.Kernels.Diagnostics;
using Harness.Records;
using Harness.Tests.Comparison.Fakes;

namespace Harness.Tests.Comparison.Programs;

/// <summary>What is made of what two programs print, without building any.</summary>
sealed class SideProgramTests
{
    /// <summary>Prints what it is told to, and keeps what it was asked.</summary>
    sealed class Scripted(string name, string output) : ISideProgram
    {
        public string Name => name;

        public List<string> Asked { get; } = [];

        public JsonObject Run(CancellationToken cancellation, params IReadOnlyList<string> arguments)
        {
            Asked.Add(string.Join(' ', arguments));
            return (JsonObject)JsonNode.Parse(output)!;
        }

        public void Dispose()
        {
        }
    }

    static string Shown(params (int Id, string Text)[] tokens) => new JsonObject
    {
        ["tokens"] = new JsonArray([.. tokens.Select(token => (JsonNode)new JsonObject
        {
            ["id"] = token.Id,
            ["text"] = token.Text,
            ["logprob"] = -0.5,
        })]),
    }.ToJsonString();

    static MovedSample Moved()
    {
        SampleRow row = ResultFiles.Of("demo", ("sums", "01")).Samples[1];
        return new MovedSample(row, row);
    }

    static FirstToken? Of(string before, string after) =>
        FirstToken.Of("demo", "sums", Moved(), new Scripted("A", before), new Scripted("B", after), default);

    [Test]
    public void The_first_token_that_differs_is_named_on_both_sides()
    {
        FirstToken first = Of(Shown((1, "3"), (2, "+"), (3, "4")), Shown((1, "3"), (9, "-"), (3, "4")))!;
        Assert.That(
            (first.Position, first.Before, first.After),
            Is.EqualTo((1, "'+' (log-probability -0.5)", "'-' (log-probability -0.5)")));
    }

    [Test]
    public void A_sample_that_ends_earlier_has_no_token_there()
    {
        FirstToken first = Of(Shown((1, "3")), Shown((1, "3"), (2, "+")))!;
        Assert.That((first.Position, first.Before, first.After), Is.EqualTo((1, (string?)null, "'+' (log-probability -0.5)")));
    }

    [Test]
    public void Equal_tokens_have_none() => Assert.That(Of(Shown((1, "3")), Shown((1, "3"))), Is.Null);

    [Test]
    public void The_sample_is_asked_for_by_pool_problem_and_number()
    {
        Scripted side = new("A", Shown((1, "3")));
        FirstToken.Of("demo", "sums", Moved(), side, side, default);
        Assert.That(side.Asked, Is.EqualTo(new[] { "show demo 0 1 --pool sums --json", "show demo 0 1 --pool sums --json" }));
    }

    [Test]
    public void A_workload_is_the_first_pool_s_and_its_rate_that_of_decoding()
    {
        DecodeWorkload workload = new("model", "w8a8", 9, 15);
        Scripted side = new("A", """
            { "rows": [ { "work": "prefill, 9 tokens", "median": 7.0 }, { "work": "decode, 64 samples", "median": 1234.5 } ] }
            """);
        Assert.That(workload.Measure(side, default), Is.EqualTo(1234.5));
        Assert.That(side.Asked.Single(), Is.EqualTo("bench model --precision w8a8 --prompt-tokens 9 --tokens 15 --samples 64 --json"));
        Assert.That(workload.LongEnough(96_000).Samples, Is.EqualTo(1280), "a fifth of a second at 96,000 tokens/s");
        Assert.That(workload.LongEnough(10).Samples, Is.EqualTo(64));
    }

    [Test]
    public void A_program_without_a_rate_is_a_code()
    {
        HarnessException refused = Assert.Throws<HarnessException>(
            () => new DecodeWorkload("m", "f32", 1, 2).Measure(new Scripted("A", "{}"), default))!;
        Assert.That(refused.ToCanonicalLine(), Does.Contain("HRN0512").And.Contain("`harness bench` of A"));
    }

    [Test]
    public void A_folder_of_results_has_no_program()
    {
        using ScratchRepository repository = new();
        repository.Commit(ResultFiles.Of("demo", ("sums", "1 0")));
        ResultFiles.Of("demo", ("sums", "1 0")).WriteTo(Path.Combine(repository.Beside("other"), "demo"));
        IResultSource folder = ResultSources.Open(repository.Beside("other"), repository.Root);
        Assert.That(() => SideProgram.Of(folder, repository.Root, _ => { }, default),
            Throws.InstanceOf<HarnessException>().With.Message.Contains("it has no program to run"));
    }

    /// <summary>A commit without a program can't be built; nothing of it stays.</summary>
    [Test]
    public void A_commit_that_can_t_be_built_leaves_no_checkout()
    {
        using ScratchRepository repository = new();
        string commit = repository.Commit(ResultFiles.Of("demo", ("sums", "1 0")));
        HarnessException refused = Assert.Throws<HarnessException>(() => SideProgram.Of(
            ResultSources.Open(commit, repository.Root), repository.Root, _ => { }, default))!;
        Assert.That(refused.ToCanonicalLine(), Does.Contain("HRN0512").And.Contain("can't be built here"));
        Assert.That(repository.Git("worktree", "list").Split('\n'), Has.Length.EqualTo(1));
    }

    /// <summary>Only the working tree itself is the program that is running.</summary>
    [Test]
    public void A_branch_that_is_called_like_the_working_tree_is_a_commit()
    {
        using ScratchRepository repository = new();
        repository.Commit(ResultFiles.Of("demo", ("sums", "1 0")));
        repository.Git("branch", "worktree-old");
        Assert.That(() => SideProgram.Of(ResultSources.Open("worktree-old", repository.Root), repository.Root, _ => { }, default),
            Throws.InstanceOf<HarnessException>().With.Message.Contains("can't be built here"));
        using SideProgram here = SideProgram.Of(
            ResultSources.Open("worktree", repository.Root), repository.Root, _ => Assert.Fail("nothing is built"), default);
        Assert.That(here.Name, Does.StartWith("worktree"));
    }

    [Test]
    public void An_experiment_without_a_model_has_no_speed()
    {
        using ScratchRepository repository = new();
        repository.Commit(ResultFiles.Of("demo", ("sums", "1 0")).WithRun(run => run["manifest"]!["model"] = ""));
        ExperimentFiles files = new(ResultSources.Open("HEAD", repository.Root), "demo");
        Assert.That(() => DecodeWorkload.Of(files, "demo", model => model),
            Throws.InstanceOf<HarnessException>().With.Message.Contains("no model that the kernels run"));
    }
}
