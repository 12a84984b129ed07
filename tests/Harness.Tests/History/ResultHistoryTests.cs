using Harness.Diagnostics;
using Harness.History;
using Harness.Kernels.Diagnostics;
using Harness.Records;
using Harness.Statistics;
using Harness.Tests.Comparison.Fakes;

namespace Harness.Tests.History;

/// <summary>Which commits a history has, and what of them counts as a step.</summary>
sealed class ResultHistoryTests
{
    static ResultFiles Demo { get; } = ResultFiles.Of("demo", ("greedy", ResultFiles.Repeat((20, "0"))), ("think", "10 11"));

    /// <summary>Ten problems more answered right, which an exact test finds at p = 0.002.</summary>
    static ResultFiles Better { get; } = Demo.Answering("greedy", ResultFiles.Repeat((10, "1"), (10, "0")));

    /// <summary>One problem more answered right, which no test finds.</summary>
    static ResultFiles SlightlyBetter { get; } = Demo.Answering("greedy", ResultFiles.Repeat((1, "1"), (19, "0")));

    ScratchRepository repository = null!;

    [SetUp]
    public void SetUp() => repository = new ScratchRepository();

    [TearDown]
    public void TearDown() => repository.Dispose();

    ResultHistory History(HistorySelection? selection = null, string name = "demo") =>
        ResultHistory.Of(name, selection ?? new HistorySelection(), repository.Root);

    static EstimateSeries Greedy(ResultHistory history) => history.Estimates.Single(series => series.Pool == "greedy");

    void Replace(string file, Func<string, string?> change)
    {
        string path = Path.Combine(repository.Results("demo"), file);
        if (change(File.ReadAllText(path)) is { } text)
            File.WriteAllText(path, text);
        else
            File.Delete(path);
    }

    [Test]
    public void A_point_is_a_commit_that_changed_numbers_and_a_step_is_where_a_value_moved()
    {
        string first = repository.Commit(Demo);
        Replace("run.json", text => text + "\n");
        repository.Commit();
        string third = repository.Commit(Better);
        ResultHistory history = History();
        Assert.That(history.Points.Select(point => point.Commit), Is.EqualTo(new[] { first, third }));
        Assert.That(history.Points.Select(point => point.Subject), Has.All.EqualTo("results"));
        Assert.That(history.Points[0].Date, Is.EqualTo(repository.Git("show", "-s", "--format=%cI", first)));
        EstimatePoint[] greedy = [.. Greedy(history).Points];
        Assert.That(greedy[0].Step, Is.Null);
        Assert.That((greedy[1].Step!.Accuracy, greedy[1].Step!.Verdict), Is.EqualTo((0.5, Verdict.Changed)));
        Assert.That((greedy[1].Step!.Tokens, greedy[1].Step!.Flops), Is.EqualTo(((double?)null, (double?)null)));
        Assert.That(history.Estimates.Where(series => series.Pool == "think").SelectMany(series => series.Points)
            .Select(point => point.Step), Has.All.Null);
    }

    [Test]
    public void A_move_that_the_paired_test_does_not_find_is_a_step_that_can_t_be_told()
    {
        repository.Commit(Demo);
        repository.Commit(SlightlyBetter);
        EstimateStep step = Greedy(History()).Points[1].Step!;
        Assert.That((step.Accuracy, step.Verdict, step.VerdictText), Is.EqualTo((0.05, Verdict.CannotTell, "cannot tell")));
    }

    [Test]
    public void A_margin_is_that_of_the_comparison()
    {
        string right = ResultFiles.Repeat((1000, "1"));
        ResultFiles large = ResultFiles.Of("demo", ("greedy", right));
        repository.Commit(large);
        repository.Commit(large.Answering("greedy", ResultFiles.Repeat((1, "0"), (999, "1"))));
        Assert.That(Greedy(History(new() { Margin = 0.05 })).Points[1].Step!.VerdictText, Is.EqualTo("the same"));
        Assert.That(Greedy(History()).Points[1].Step!.VerdictText, Is.EqualTo("cannot tell"));
    }

    [Test]
    public void Identical_samples_that_are_estimated_otherwise_are_said_to_be_identical()
    {
        repository.Commit(Demo);
        repository.Commit(Demo with { Estimate = rows => rows.Select(row => row with { Accuracy = row.Accuracy + 0.125 }) });
        EstimateStep step = Greedy(History()).Points[1].Step!;
        Assert.That((step.Accuracy, step.Verdict), Is.EqualTo((0.125, Verdict.Identical)));
    }

    [Test]
    public void Costs_move_by_a_ratio_and_need_no_verdict()
    {
        repository.Commit(Demo);
        repository.Commit(Demo with { Estimate = rows => rows.Select(row => row with { Tokens = 2 * row.Tokens, Flops = row.Flops / 4 }) });
        EstimateStep step = Greedy(History()).Points[1].Step!;
        Assert.That((step.Accuracy, step.Tokens, step.Flops, step.VerdictText), Is.EqualTo(((double?)null, 2.0, 0.25, "")));
    }

    [Test]
    public void The_seventh_digit_does_not_move()
    {
        repository.Commit(Demo with { Estimate = rows => rows.Select(row => row with { Accuracy = 1 / 3.0 }) });
        repository.Commit(Demo with { Estimate = rows => rows.Select(row => row with { Accuracy = 0.333333 }) });
        Assert.That(Greedy(History()).Points.Select(point => point.Step), Is.EqualTo(new EstimateStep?[] { null, null }));
    }

    [Test]
    public void Without_readable_samples_a_move_is_not_tested()
    {
        repository.Commit(Demo);
        Replace("samples.csv", _ => null);
        repository.Commit();
        Better.WriteTo(repository.Results("demo"));
        Replace("samples.csv", _ => null);
        repository.Commit();
        EstimateStep step = Greedy(History()).Points[1].Step!;
        Assert.That((step.Accuracy, step.Verdict, step.VerdictText), Is.EqualTo((0.5, (Verdict?)null, "not tested")));
        Assert.That(step.Reason, Does.Contain("samples.csv is missing"));
    }

    [Test]
    public void A_commit_that_can_t_be_read_is_one_row_and_the_next_is_compared_with_the_one_before()
    {
        string first = repository.Commit(Demo);
        Replace("accuracy.csv", text => text.Replace("greedy,single,1,", "greedy,single,one,"));
        repository.Commit();
        Replace("accuracy.csv", _ => null);
        repository.Commit();
        repository.Commit(Better);
        ResultHistory history = History();
        Assert.That(history.Points.Select(point => point.Refusal), Is.EqualTo(new[]
        {
            "", "accuracy.csv can't be read: line 2: multiplier is 'one'", "accuracy.csv is no longer there", "",
        }));
        EstimatePoint[] greedy = [.. Greedy(history).Points];
        Assert.That(greedy, Has.Length.EqualTo(2));
        Assert.That((greedy[1].Step!.Since.Commit, greedy[1].Step!.Accuracy), Is.EqualTo((first, 0.5)));
    }

    [Test]
    public void Files_of_the_first_schema_are_read_and_a_change_of_columns_moves_nothing()
    {
        repository.Commit(Demo with { Text = FirstSchema });
        repository.Commit(Demo);
        ResultHistory history = History();
        Assert.That(history.Points.Select(point => point.Refusal), Has.All.Empty);
        Assert.That(Greedy(history).Points.Select(point => (point.Row.Tokens, point.Step)), Is.EqualTo(new[]
        {
            (7.0, (EstimateStep?)null), (7.0, null),
        }));
    }

    /// <summary>The columns that accuracy.csv had at first.</summary>
    static string FirstSchema(string file, string text)
    {
        if (file != AccuracyTable.Csv.FileName)
            return text;
        string[][] lines = [.. text.TrimEnd('\n').Split('\n').Select(line => line.Split(','))];
        string[] kept =
        [
            "pool", "strategy", "multiplier", "difficulty", "problems", "accuracy", "ci_low", "ci_high", "generated_tokens", "flops",
        ];
        int[] places = [.. kept.Select(column => Array.IndexOf(lines[0], column))];
        return string.Concat(lines.Select(line => string.Join(',', places.Select(place => line[place])) + "\n"))
            .Replace("generated_tokens", "tokens");
    }

    [Test]
    public void The_working_tree_is_the_last_point_where_its_numbers_differ()
    {
        repository.Commit(Demo);
        Replace("run.json", text => text + "\n");
        Assert.That(History().Points, Has.Count.EqualTo(1));
        repository.Write(Better);
        HistoryPoint last = History().Points[^1];
        Assert.That((last.Commit, last.Name, last.Day), Is.EqualTo(((string?)null, "worktree", "")));
        Assert.That(Greedy(History()).Points[^1].Step!.Verdict, Is.EqualTo(Verdict.Changed));
    }

    [Test]
    public void Results_that_no_commit_has_are_those_of_the_working_tree()
    {
        repository.Write(Demo);
        ResultHistory history = History();
        Assert.That(history.Points.Select(point => point.Name), Is.EqualTo(new[] { "worktree" }));
        Assert.That(history.Notes, Is.EqualTo(new[] { "No commit holds results of 'demo' yet: this is the working tree." }));
    }

    [Test]
    public void What_a_merge_brought_is_one_point()
    {
        repository.Commit(Demo);
        repository.Git("checkout", "--quiet", "-b", "side");
        repository.Commit(SlightlyBetter);
        repository.Commit(Better);
        repository.Git("checkout", "--quiet", "main");
        File.WriteAllText(Path.Combine(repository.Root, "text.txt"), "text");
        repository.Commit();
        repository.Git("merge", "--quiet", "--no-ff", "-m", "merge of side", "side");
        ResultHistory history = History();
        Assert.That(history.Points.Select(point => point.Subject), Is.EqualTo(new[] { "results", "merge of side" }));
        Assert.That(Greedy(history).Points[1].Step!.Accuracy, Is.EqualTo(0.5));
    }

    [Test]
    public void Since_begins_with_what_was_there_and_last_counts_from_the_newest()
    {
        repository.Commit(Demo);
        string second = repository.Commit(SlightlyBetter);
        File.WriteAllText(Path.Combine(repository.Root, "text.txt"), "text");
        repository.Commit();
        repository.Git("tag", "later");
        string last = repository.Commit(Better);
        HistorySelection[] alike = [new() { Since = "later" }, new() { Since = second }, new() { Last = 2 }];
        foreach (HistorySelection selection in alike)
        {
            ResultHistory history = History(selection);
            Assert.That(history.Points.Select(point => point.Commit), Is.EqualTo(new[] { second, last }), selection.ToString());
            Assert.That(Greedy(history).Points.Select(point => point.Step?.Accuracy), Is.EqualTo(new double?[] { null, 0.45 }));
        }
        Assert.That(History(new() { Since = "HEAD" }).Points.Single().Commit, Is.EqualTo(last));
        HarnessException unknown = Assert.Throws<HarnessException>(() => History(new() { Since = "latr" }))!;
        Assert.That(unknown.Diagnostic, Is.EqualTo(Codes.UnknownCommit));
        Assert.That(unknown.Message, Does.EndWith("; did you mean 'later'?"));
    }

    [Test]
    public void By_default_a_row_is_the_largest_multiplier_that_a_strategy_has_now()
    {
        repository.Commit(ResultFiles.Of("demo", ("think", "1000 1100")));
        repository.Commit(Demo);
        ResultHistory history = History();
        Assert.That(history.Estimates.Select(series => (series.Pool, series.Name)), Is.EqualTo(new[]
        {
            ("greedy", "single 1x"), ("think", "single 1x"), ("think", "coverage 2x"),
        }));
        EstimatePoint past = History(new() { Multipliers = [4] }).Estimates.Single().Points.Single();
        Assert.That(past.At.Commit, Is.EqualTo(history.Points[0].Commit));
        Assert.That(History(new() { Strategies = ["coverage"] }).Estimates.Single().Name, Is.EqualTo("coverage 2x"));
        Assert.That(History(new() { Pools = ["think"], Multipliers = [1, 2] }).Estimates, Has.Count.EqualTo(2));
    }

    [Test]
    public void What_no_row_has_is_answered_with_the_nearest()
    {
        repository.Commit(Demo);
        foreach ((HistorySelection selection, string expected) in new (HistorySelection, string)[]
        {
            (new() { Pools = ["gredy"] }, "no row of accuracy.csv has the pool 'gredy'; did you mean 'greedy'?"),
            (new() { Strategies = ["covrage"] }, "no row of accuracy.csv has the strategy 'covrage'; did you mean 'coverage'?"),
            (new() { Multipliers = [300] }, "no row of accuracy.csv has the multiplier '300'; valid: 1, 2"),
        })
        {
            HarnessException refused = Assert.Throws<HarnessException>(() => History(selection))!;
            Assert.That((refused.Diagnostic, refused.Message), Is.EqualTo((Codes.UsageError, expected)));
        }
    }

    [Test]
    public void An_unknown_experiment_is_answered_with_the_nearest_and_one_without_results_says_so()
    {
        repository.Commit(Demo);
        HarnessException unknown = Assert.Throws<HarnessException>(() => History(name: "demmo"))!;
        Assert.That(unknown.Diagnostic, Is.EqualTo(Codes.NoSuchExperiment));
        Assert.That(unknown.Message, Does.EndWith("has results of 'demmo'; did you mean 'demo'?"));
        Directory.CreateDirectory(repository.Results("new"));
        File.WriteAllText(Path.Combine(repository.Results("new"), "new.proj"), "<Project/>");
        foreach (bool committed in new[] { false, true })
        {
            HarnessException missing = Assert.Throws<HarnessException>(() => History(name: "new"))!;
            Assert.That(missing.Diagnostic, Is.EqualTo(Codes.ResultsMissing), committed.ToString());
            repository.Commit();
        }
        Assert.That(Assert.Throws<HarnessException>(() => History(name: "*"))!.Diagnostic, Is.EqualTo(Codes.NoSuchExperiment));
    }

    [Test]
    public void A_shallow_clone_says_where_its_history_begins()
    {
        repository.Commit(Demo);
        string second = repository.Commit(SlightlyBetter);
        repository.Commit(Better);
        string clone = repository.Beside("clone");
        repository.Git("clone", "--quiet", "--depth", "2", new Uri(repository.Root).AbsoluteUri, clone);
        ResultHistory history = ResultHistory.Of("demo", new HistorySelection(), clone);
        Assert.That(history.Points, Has.Count.EqualTo(2));
        Assert.That(history.Notes.Single(), Does.StartWith("This clone is shallow: ").And.Contain(second[..7]));
        Assert.That(History().Notes, Is.Empty);
    }

    [Test]
    public void Outside_of_a_repository_there_is_no_history()
    {
        string alone = repository.Beside("alone");
        Demo.WriteTo(Path.Combine(alone, "results", "demo"));
        HarnessException refused = Assert.Throws<HarnessException>(() => ResultHistory.Of("demo", new HistorySelection(), alone))!;
        Assert.That((refused.Diagnostic, refused.Message[..6]), Is.EqualTo((Codes.UnknownCommit, "'demo'")));
    }
}
