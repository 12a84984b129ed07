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

    static string Shown(params (int Id, string Text)[] tokens) => Shown("1 + 2 =", tokens);

    static string Shown(string prompt, (int Id, string Text)[] tokens) => new JsonObject
    {
        ["prompt"] = prompt,
        ["tokens_hash"] = Hash(tokens),
        ["tokens"] = new JsonArray([.. tokens.Select(token => (JsonNode)new JsonObject
        {
            ["id"] = token.Id,
            ["text"] = token.Text,
            ["logprob"] = -0.5,
        })]),
    }.ToJsonString();

    static string Hash(params (int Id, string Text)[] tokens) => Hashes.OfTokens([.. tokens.Select(token => token.Id)]);

    static MovedSample Moved(string before = "", string after = "")
    {
        SampleRow row = ResultFiles.Of("demo", ("sums", "01")).Samples[1];
        return new MovedSample(row with { TokensHash = before }, row with { TokensHash = after });
    }

    static RegeneratedSample Of(string before, string after, MovedSample? moved = null) => SampleRegeneration.Of(
        "demo", "sums", moved ?? Moved(), new Scripted("A", before), new Scripted("B", after), default);

    static readonly (int, string)[] Plus = [(1, "3"), (2, "+"), (3, "4")], Minus = [(1, "3"), (9, "-"), (3, "4")];

    [Test]
    public void The_first_token_that_differs_is_named_on_both_sides()
    {
        RegeneratedSample first = Of(Shown(Plus), Shown(Minus), Moved(Hash(Plus), Hash(Minus)));
        Assert.That((first.Position, first.Before!.Id, first.After!.Id), Is.EqualTo((1, 2, 9)));
        Assert.That(first.Text, Is.EqualTo("demo, sums, problem 0, sample 1, drawn again: the tokens differ from token 2 on: "
            + "'+' (token 2, log-probability -0.5) in A, '-' (token 9, log-probability -0.5) in B."));
    }

    [Test]
    public void A_sample_that_ends_earlier_has_no_token_there()
    {
        RegeneratedSample first = Of(Shown((1, "3")), Shown((1, "3"), (2, "+")));
        Assert.That((first.Position, first.Before, first.After!.Text), Is.EqualTo((1, (RegeneratedToken?)null, "+")));
        Assert.That(first.Text, Does.Contain("from token 2 on: ended in A, '+'"));
    }

    /// <summary>What is drawn again says something of what is committed only where it is that.</summary>
    [TestCase(false, true, "A's program does not draw what A has committed."), TestCase(true, true, "in B.")]
    [TestCase(true, false, "B's program does not draw what B has committed.")]
    [TestCase(false, false, "Neither program draws what its side has committed.")]
    public void A_program_that_does_not_draw_what_is_committed_is_named(bool before, bool after, string end) => Assert.That(
        Of(Shown(Plus), Shown(Minus), Moved(before ? Hash(Plus) : "other", after ? Hash(Minus) : "other")).Text, Does.EndWith(end));

    [TestCase(true, false, "those that A has committed: what B has committed came of something else.")]
    [TestCase(false, true, "those that B has committed: what A has committed came of something else.")]
    [TestCase(false, false, "which neither side has committed: what both have came of something else.")]
    public void Equal_tokens_say_whose_they_are(bool before, bool after, string end)
    {
        RegeneratedSample equal = Of(Shown(Plus), Shown(Plus), Moved(before ? Hash(Plus) : "other", after ? Hash(Plus) : "other"));
        Assert.That(equal.Position, Is.Null);
        Assert.That(equal.Text, Does.EndWith("drawn again: both programs draw the same tokens here, " + end));
    }

    [Test]
    public void Another_prompt_is_said_to_be_another_question() => Assert.That(
        Of(Shown(Plus), Shown("5 + 6 =", Minus), Moved(Hash(Plus), Hash(Minus))).Text,
        Does.EndWith("in B. The prompts differ, so that these are answers to two questions."));

    [Test]
    public void Tokens_without_ids_are_a_code() => Assert.That(() => Of("""{ "tokens": [ { "text": "3" } ] }""", Shown(Plus)),
        Throws.InstanceOf<HarnessException>().With.Message.Contains("`harness show` of A gives no tokens of demo"));

    [Test]
    public void The_sample_is_asked_for_by_pool_problem_and_number()
    {
        Scripted side = new("A", Shown((1, "3")));
        SampleRegeneration.Of("demo", "sums", Moved(), side, side, default);
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

    /// <summary>Nothing of a commit that can't be built stays. The folder of the experiments may lie below the top of git's tree.</summary>
    [TestCase(""), TestCase("below")]
    public void A_commit_that_can_t_be_built_leaves_no_checkout(string below)
    {
        using ScratchRepository repository = new();
        string root = Path.Combine(repository.Root, below), project = Path.Combine(root, "harness", "Harness.csproj");
        Directory.CreateDirectory(Path.GetDirectoryName(project)!);
        File.WriteAllText(project, "<Project>");
        ResultFiles.Of("demo", ("sums", "1 0")).WriteTo(Path.Combine(root, "results", "demo"));
        string commit = repository.Commit(), hook = Path.Combine(repository.Root, ".git", "hooks", "post-checkout");
        string hooked = repository.Beside("hooked");
        Directory.CreateDirectory(Path.GetDirectoryName(hook)!);
        File.WriteAllText(hook, $"#!/bin/sh\ntouch '{hooked}'\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        List<string> said = [];
        GitRepository git = GitRepository.Find(root).Repository!;
        HarnessException refused = Assert.Throws<HarnessException>(
            () => SideProgram.Of(new CommitResults(git, commit, commit), root, said.Add, default))!;
        Assert.That(refused.ToCanonicalLine(), Does.Contain("HRN0512").And.Contain("can't be built here: harness/Harness.csproj(1,"));
        Assert.That(said, Is.EqualTo(new[] { $"building {commit[..7]}" }));
        Assert.That(repository.Git("worktree", "list").Split('\n'), Has.Length.EqualTo(1));
        Assert.That(repository.Git("status", "--porcelain"), Is.Empty);
        Assert.That(hooked, Does.Not.Exist, "hooks are for the checkouts that people make");
    }

    [Test]
    public void A_commit_without_a_program_is_not_built()
    {
        using ScratchRepository repository = new();
        string commit = repository.Commit(ResultFiles.Of("demo", ("sums", "1 0")));
        Assert.That(
            () => SideProgram.Of(
                ResultSources.Open(commit, repository.Root), repository.Root, _ => Assert.Fail("nothing is built"), default),
            Throws.InstanceOf<HarnessException>().With.Message.Contains("has no program: there is no folder harness/ in it"));
        Assert.That(repository.Git("worktree", "list").Split('\n'), Has.Length.EqualTo(1));
    }

    /// <summary>As Ctrl-C finds git, which it reaches too.</summary>
    [Test]
    public void An_interrupted_checkout_is_an_interruption_and_leaves_nothing()
    {
        using ScratchRepository repository = new();
        string commit = repository.Commit(ResultFiles.Of("demo", ("sums", "1 0")));
        IResultSource source = ResultSources.Open(commit, repository.Root);
        Assert.That(() => SideProgram.Of(source, repository.Root, _ => { }, new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(repository.Git("worktree", "list").Split('\n'), Has.Length.EqualTo(1));
    }

    /// <summary>Git leaves a checkout that it was killed in as a locked one.</summary>
    [Test]
    public void A_checkout_that_is_locked_is_removed_too()
    {
        using ScratchRepository repository = new();
        string commit = repository.Commit(ResultFiles.Of("demo", ("sums", "1 0")));
        GitRepository git = GitRepository.Find(repository.Root).Repository!;
        string folder = repository.Beside("checkout");
        git.AddWorktree(folder, commit);
        repository.Git("worktree", "lock", folder);
        git.RemoveWorktree(folder);
        Assert.That(Directory.Exists(folder), Is.False);
        Assert.That(repository.Git("worktree", "list").Split('\n'), Has.Length.EqualTo(1));
        git.RemoveWorktree(folder);
    }

    /// <summary>Only the working tree itself is the program that is running.</summary>
    [Test]
    public void A_branch_that_is_called_like_the_working_tree_is_a_commit()
    {
        using ScratchRepository repository = new();
        repository.Commit(ResultFiles.Of("demo", ("sums", "1 0")));
        repository.Git("branch", "worktree-old");
        Assert.That(() => SideProgram.Of(ResultSources.Open("worktree-old", repository.Root), repository.Root, _ => { }, default),
            Throws.InstanceOf<HarnessException>().With.Message.Contains("has no program: there is no folder"));
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
