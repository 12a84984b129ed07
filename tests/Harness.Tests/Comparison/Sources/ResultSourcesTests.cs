using Harness.Comparison;
using Harness.Comparison.Sources;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Records;
using Harness.Tests.Comparison.Fakes;

namespace Harness.Tests.Comparison.Sources;

/// <summary>What a command line may name as a side, and what is said of one that is not there.</summary>
sealed class ResultSourcesTests
{
    static ResultFiles Demo { get; } = ResultFiles.Of("demo", ("greedy", "0 1"));

    ScratchRepository repository = null!;

    [SetUp]
    public void SetUp() => repository = new ScratchRepository();

    [TearDown]
    public void TearDown() => repository.Dispose();

    IResultSource Open(string named) => ResultSources.Open(named, repository.Root);

    string Answer(string named) =>
        new ExperimentFiles(Open(named), "demo").Samples.Samples[0].Answer;

    HarnessException Refused(string named) => Assert.Throws<HarnessException>(() => Open(named))!;

    [Test]
    public void Commits_tags_branches_and_expressions_name_what_was_committed_there()
    {
        string first = repository.Commit(Demo);
        repository.Git("tag", "-a", "v1", "-m", "first");
        repository.Git("branch", "old");
        repository.Commit(Demo.Answering("greedy", "1 1"));
        repository.Git("tag", "v2");
        foreach (string named in new[] { first, first[..10], "v1", "old", "HEAD~1", "main^" })
            Assert.That((Open(named).Commit, Answer(named)), Is.EqualTo((first, "wrong")), named);
        foreach (string named in new[] { "v2", "main", "HEAD" })
            Assert.That(Answer(named), Is.EqualTo("answer 0"), named);
        Assert.That((Open("v1").Name, Open(first).Name), Is.EqualTo(($"v1 ({first[..7]})", first[..7])));
    }

    [TestCase("."), TestCase("worktree")]
    public void The_working_tree_has_what_is_not_committed(string named)
    {
        string first = repository.Commit(Demo);
        repository.Write(Demo.Answering("greedy", "1 1"), ResultFiles.Of("new", ("greedy", "0")));
        Assert.That((Answer("HEAD"), Answer(named)), Is.EqualTo(("wrong", "answer 0")));
        Assert.That((Open("HEAD").Experiments, Open(named).Experiments), Is.EqualTo((new[] { "demo" }, new[] { "demo", "new" })));
        Assert.That(Open(named).Name, Is.EqualTo($"worktree ({first[..7]}-dirty)"));
        Assert.That(ResultSources.Open(named, repository.Results("demo")).Experiments, Has.Count.EqualTo(2), "from a folder below");
    }

    [Test]
    public void Reading_a_commit_leaves_the_work_tree_alone()
    {
        string first = repository.Commit(Demo);
        string second = repository.Commit(Demo.Answering("greedy", "1 1"));
        File.WriteAllText(Path.Combine(repository.Root, "staged.txt"), "text");
        repository.Git("add", "staged.txt");
        File.WriteAllText(Path.Combine(repository.Results("demo"), "samples.csv"), "unfinished");
        string before = repository.Git("status", "--porcelain=v2", "--branch");
        Assert.That(Compared.Of(repository.Root, first, second).Experiments.Single().Moved, Is.EqualTo(MovedKind.Tokens));
        Assert.That(repository.Git("status", "--porcelain=v2", "--branch"), Is.EqualTo(before));
        Assert.That(File.ReadAllText(Path.Combine(repository.Results("demo"), "samples.csv")), Is.EqualTo("unfinished"));
    }

    [Test]
    public void A_folder_is_a_checkout_a_folder_of_experiments_or_one_experiment()
    {
        repository.Commit(Demo);
        string checkout = repository.Beside("checkout");
        Demo.Answering("greedy", "1 1").WriteTo(Path.Combine(checkout, "results", "demo"));
        // A run with overrides writes into a folder that is named by a hash; its run.json says whose results they are.
        string overridden = repository.Beside("0123456789ab");
        Demo.Answering("greedy", "1 1").WriteTo(overridden);
        foreach (string folder in new[] { checkout, Path.Combine(checkout, "results"), overridden, "../checkout/" })
            Assert.That((Open(folder).Experiments, Answer(folder)), Is.EqualTo((new[] { "demo" }, "answer 0")), folder);
        Assert.That((Open(checkout).Name, Open(checkout).Commit), Is.EqualTo((checkout, (string?)null)));
    }

    [Test]
    public void A_branch_goes_before_a_folder_of_its_name()
    {
        repository.Commit(Demo);
        repository.Git("branch", "other");
        Demo.Answering("greedy", "1 1").WriteTo(Path.Combine(repository.Root, "other", "demo"));
        Assert.That((Answer("other"), Answer("./other")), Is.EqualTo(("wrong", "answer 0")));
    }

    [Test]
    public void Machines_are_those_with_a_measurement()
    {
        ResultFiles measured = Demo with { Machines = new Dictionary<string, ThroughputRow[]> { ["b"] = [], ["a"] = [] } };
        repository.Commit(measured);
        Directory.CreateDirectory(Path.Combine(repository.Results("demo"), "machines", "c"));
        foreach (string named in new[] { "HEAD", "." })
            Assert.That(Open(named).Machines("demo"), Is.EqualTo(new[] { "a", "b" }), named);
    }

    [Test]
    public void A_harness_below_the_top_of_a_larger_repository_has_its_own_results()
    {
        string below = Path.Combine(repository.Root, "part");
        Directory.CreateDirectory(Path.Combine(below, "harness", "build"));
        File.WriteAllText(Path.Combine(below, "harness", "build", "Experiment.props"), "<Project/>");
        Demo.WriteTo(Path.Combine(below, "results", "demo"));
        repository.Commit(ResultFiles.Of("other", ("greedy", "1")));
        Assert.That(ResultSources.Open("HEAD", Path.Combine(below, "results")).Experiments, Is.EqualTo(new[] { "demo" }));
        Assert.That(Open("HEAD").Experiments, Is.EqualTo(new[] { "other" }));
        Assert.That(Compared.Of(below, "HEAD", ".").Experiments.Single().Moved, Is.EqualTo(MovedKind.Identical));
    }

    [TestCase("man", "; did you mean 'main'?"), TestCase("0123456789abcdef0123456789abcdef01234567", "and no folder")]
    [TestCase("--upload-pack=x", "and no folder"), TestCase("HEAD~9", "and no folder")]
    public void An_unknown_commit_has_its_code(string named, string expected)
    {
        repository.Commit(Demo);
        HarnessException refused = Refused(named);
        Assert.That(refused.Diagnostic, Is.EqualTo(Codes.UnknownCommit));
        Assert.That(refused.Message, Does.StartWith($"'{named}' is no commit, tag or branch of {repository.Root}").And.EndWith(expected));
    }

    [Test]
    public void A_shallow_clone_that_lacks_the_commit_names_fetch_depth()
    {
        string first = repository.Commit(Demo);
        repository.Commit(Demo.Answering("greedy", "1 1"));
        string clone = repository.Beside("clone");
        repository.Git("clone", "--quiet", "--depth", "1", new Uri(repository.Root).AbsoluteUri, clone);
        Assert.That(ResultSources.Open("HEAD", clone).Experiments, Is.EqualTo(new[] { "demo" }));
        foreach (string named in new[] { "HEAD~1", first })
        {
            HarnessException refused = Assert.Throws<HarnessException>(() => ResultSources.Open(named, clone))!;
            Assert.That(refused.Diagnostic, Is.EqualTo(Codes.ShallowClone), named);
            Assert.That(refused.Message, Does.StartWith($"'{named}' ").And.Contain("`fetch-depth: 0`"), named);
        }
    }

    [Test]
    public void A_side_without_results_has_its_code()
    {
        repository.Commit();
        Assert.That(Refused("HEAD").Diagnostic, Is.EqualTo(Codes.ResultsMissing));
        Assert.That(Refused("HEAD").Message, Does.StartWith("commit HEAD (").And.EndWith("under results/"));
        Assert.That(Refused("worktree").Diagnostic, Is.EqualTo(Codes.ResultsMissing));
        Directory.CreateDirectory(repository.Beside("empty"));
        Assert.That(Refused("../empty").File, Is.EqualTo(repository.Beside("empty")));
    }

    [Test]
    public void Outside_of_a_repository_only_folders_are_compared()
    {
        string alone = repository.Beside("alone");
        Demo.WriteTo(Path.Combine(alone, "results", "demo"));
        Assert.That(ResultSources.Open("results", alone).Experiments, Is.EqualTo(new[] { "demo" }));
        HarnessException refused = Assert.Throws<HarnessException>(() => ResultSources.Open("HEAD", alone))!;
        Assert.That(refused.Diagnostic, Is.EqualTo(Codes.UnknownCommit));
        Assert.That(refused.Message, Does.StartWith("'HEAD' is no folder, and no commit can be looked for: "));
    }

    [Test]
    public void A_file_that_can_t_be_read_is_named_with_its_commit()
    {
        string commit = repository.Commit(Demo with { Text = (file, text) => file == "samples.csv" ? text.Replace("wrong", "\"") : text });
        HarnessException corrupt = Assert.Throws<HarnessException>(() => Compared.Of(repository.Root, "HEAD", "."))!;
        Assert.That(corrupt.Diagnostic, Is.EqualTo(Codes.ResultsCorrupt));
        Assert.That(corrupt.File, Is.EqualTo($"{commit[..7]}:results/demo/samples.csv"));
    }

    [Test]
    public void A_row_that_is_there_twice_is_refused()
    {
        repository.Commit(Demo with { Samples = [.. Demo.Samples, Demo.Samples[0]] });
        HarnessException corrupt = Assert.Throws<HarnessException>(() => Compared.Of(repository.Root, "HEAD", "HEAD"))!;
        Assert.That((corrupt.Diagnostic, corrupt.Message), Is.EqualTo((Codes.ResultsCorrupt, "two rows of (greedy, 0, 0)")));
    }

    [Test]
    public void An_experiment_that_neither_side_has_is_answered_with_the_nearest()
    {
        repository.Commit(Demo, ResultFiles.Of("other", ("greedy", "1")));
        HarnessException unknown = Assert.Throws<HarnessException>(() => Compared.Of(repository.Root, "HEAD", ".", 0, "demmo"))!;
        Assert.That(unknown.Diagnostic, Is.EqualTo(Codes.NoSuchExperiment));
        Assert.That(unknown.Message, Does.EndWith("has results of 'demmo'; did you mean 'demo'?"));
    }
}
