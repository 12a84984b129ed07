using Harness.Comparison;
using Harness.Records;
using Harness.Statistics;
using Harness.Tests.Comparison.Fakes;

namespace Harness.Tests.Comparison;

/// <summary>What a comparison of two commits says has moved, a kind a test, in both directions.</summary>
sealed class MovedKindTests
{
    static ResultFiles Demo { get; } = ResultFiles.Of("demo", ("think", "10 11 00"), ("greedy", "1 0 1"));

    ScratchRepository repository = null!;

    [SetUp]
    public void SetUp() => repository = new ScratchRepository();

    [TearDown]
    public void TearDown() => repository.Dispose();

    (ExperimentComparison Forth, ExperimentComparison Back) Compare(ResultFiles before, ResultFiles after)
    {
        string first = repository.Commit(before), second = repository.Commit(after);
        return (Compared.Of(repository.Root, first, second).Experiments.Single(),
            Compared.Of(repository.Root, second, first).Experiments.Single());
    }

    [Test]
    public void Nothing_moves_between_commits_of_the_same_files()
    {
        string first = repository.Commit(Demo);
        File.WriteAllText(Path.Combine(repository.Root, "README.md"), "text");
        string second = repository.Commit();
        ResultComparison comparison = Compared.Of(repository.Root, first, second);
        ExperimentComparison experiment = comparison.Experiments.Single();
        Assert.That(experiment.Moved, Is.EqualTo(MovedKind.Identical));
        Assert.That(experiment.Inputs, Is.Empty);
        Assert.That(experiment.Accuracy.Select(row => row.Verdict), Is.EqualTo(Enumerable.Repeat(Verdict.Identical, 3)));
        Assert.That(experiment.Accuracy.Select(row => row.Comparison), Is.All.Null);
        Assert.That((comparison.Tests, comparison.IsChanged, comparison.MovedRows.Count), Is.EqualTo((0, false, 0)));
        Assert.That(experiment.Pools.Select(pool => (pool.Pool, pool.Common)), Is.EqualTo(new[] { ("think", 6), ("greedy", 3) }));
        Assert.That((comparison.BeforeCommit, comparison.AfterCommit), Is.EqualTo((first, second)));
    }

    [Test]
    public void Tokens_that_moved_are_counted_and_the_first_is_named()
    {
        (ExperimentComparison forth, ExperimentComparison back) = Compare(
            Demo,
            Demo.With("think", 1, 1, row => row with { TokensHash = ResultFiles.Hash(row, 1) })
                .With("think", 2, 0, row => row with { TokensHash = ResultFiles.Hash(row, 1), Answer = ResultFiles.Gold(2), Correct = 1 }));
        PoolSamples think = forth.Pools[0];
        Assert.That(forth.Moved, Is.EqualTo(MovedKind.Tokens));
        Assert.That((think.Tokens.Count, think.Judged.Count, think.Scored.Count, think.Common), Is.EqualTo((2, 0, 0, 6)));
        Assert.That((think.Tokens[0].Before.Problem, think.Tokens[0].Before.Sample), Is.EqualTo((1, 1)));
        Assert.That(think.Tokens[1].After.Answer, Is.EqualTo("answer 2"));
        Assert.That(forth.Pools[1].IsIdentical, Is.True);
        Assert.That(back.Moved, Is.EqualTo(MovedKind.Tokens));
        Assert.That(back.Pools[0].Tokens, Is.EqualTo(think.Tokens.Select(moved => new MovedSample(moved.After, moved.Before))));
        Assert.That(forth.Accuracy.Select(row => row.Verdict == Verdict.Identical), Is.EqualTo(new[] { false, false, true }));
    }

    [Test]
    public void Samples_that_one_side_lacks_are_counted()
    {
        (ExperimentComparison forth, ExperimentComparison back) = Compare(
            Demo, Demo with { Samples = [.. Demo.Samples.Where(row => row.Pool == "think" && row.Problem < 2)] });
        Assert.That((forth.Moved, back.Moved), Is.EqualTo((MovedKind.Tokens, MovedKind.Tokens)));
        Assert.That(forth.Pools.Select(pool => (pool.Common, pool.OnlyBefore, pool.OnlyAfter)), Is.EqualTo(new[] { (4, 2, 0), (0, 3, 0) }));
        Assert.That(back.Pools.Select(pool => (pool.Common, pool.OnlyBefore, pool.OnlyAfter)), Is.EqualTo(new[] { (4, 0, 2), (0, 0, 3) }));
        Assert.That(forth.RowsOnlyBefore, Is.EqualTo(new[] { "greedy single 1x" }));
        Assert.That(back.RowsOnlyAfter, Is.EqualTo(new[] { "greedy single 1x" }));
    }

    [Test]
    public void The_same_tokens_judged_otherwise_are_listed_with_both_answers()
    {
        (ExperimentComparison forth, ExperimentComparison back) = Compare(
            Demo,
            Demo.With("think", 0, 1, row => row with { Answer = ResultFiles.Gold(0), Correct = 1 })
                .With("greedy", 1, 0, row => row with { Answer = "" }));
        Assert.That((forth.Moved, back.Moved), Is.EqualTo((MovedKind.Judged, MovedKind.Judged)));
        MovedSample think = forth.Pools[0].Judged.Single(), greedy = forth.Pools[1].Judged.Single();
        Assert.That((think.Before.Answer, think.Before.Correct, think.After.Answer, think.After.Correct),
            Is.EqualTo(("wrong", 0, "answer 0", 1)));
        Assert.That((greedy.Before.Answer, greedy.After.Answer, greedy.After.Correct), Is.EqualTo(("wrong", "", 0)));
        Assert.That(back.Pools[0].Judged.Single(), Is.EqualTo(new MovedSample(think.After, think.Before)));
        Assert.That(forth.Pools.Select(pool => pool.Tokens.Count), Is.All.Zero);
        Assert.That(forth.Accuracy.Select(row => row.Difference), Is.EqualTo(new[] { 1 / 6.0, 0, 0 }).Within(1e-12));
    }

    [Test]
    public void A_right_answer_that_changed_is_a_judgement()
    {
        (ExperimentComparison forth, _) = Compare(
            Demo, Demo with { Problems = [.. Demo.Problems.Select(row => row.Problem == 2 ? row with { Gold = "7" } : row)] });
        Assert.That(forth.Moved, Is.EqualTo(MovedKind.Judged));
        Assert.That(forth.Pools.SelectMany(pool => pool.Golds), Is.EqualTo(Enumerable.Repeat(new MovedGold(2, "answer 2", "7"), 2)));
    }

    [Test]
    public void The_same_tokens_scored_otherwise_are_told_from_moved_tokens()
    {
        ResultFiles rewarded = Demo with
        {
            Rewards = [.. Demo.Samples.Where(row => row.Pool == "think").Select(row => new RewardRow
            {
                Pool = row.Pool, Problem = row.Problem, Sample = row.Sample, Verifier = "exact-checker", Reward = 0.5,
            })],
        };
        (ExperimentComparison forth, _) = Compare(rewarded, rewarded.With("greedy", 1, 0, row => row with { Logprob = -1.25 }) with
        {
            Rewards = [.. rewarded.Rewards.Select(row => (row.Problem, row.Sample) == (2, 1) ? row with { Reward = 1 } : row)],
        });
        Assert.That(forth.Moved, Is.EqualTo(MovedKind.Scored));
        Assert.That(forth.Pools[1].Scored.Single().After.Logprob, Is.EqualTo(-1.25));
        MovedReward reward = forth.Pools[0].Rewards.Single();
        Assert.That((reward.After.Problem, reward.After.Sample, reward.Before, reward.After.Reward), Is.EqualTo((2, 1, 0.5, 1.0)));
        Assert.That(forth.Accuracy.Select(row => row.Verdict), Is.All.Not.EqualTo(Verdict.Identical));
    }

    [Test]
    public void The_same_samples_estimated_otherwise_name_the_first_column_that_differs()
    {
        (ExperimentComparison forth, ExperimentComparison back) = Compare(
            Demo,
            Demo with { Estimate = rows => rows.Select(row => row.Strategy == "coverage" ? row with { CiLow = 0.25 } : row) });
        Assert.That((forth.Moved, back.Moved), Is.EqualTo((MovedKind.Estimated, MovedKind.Estimated)));
        Assert.That(forth.Estimates.Single(),
            Is.EqualTo(new EstimateMove("think", "coverage", 2, "all", "ci_low was '0.3333333333333333', is '0.25'")));
        Assert.That(back.Estimates.Single().Difference, Is.EqualTo("ci_low was '0.25', is '0.3333333333333333'"));
        Assert.That(forth.Accuracy.Select(row => row.Verdict), Is.All.EqualTo(Verdict.Identical));
    }

    [TestCase(1e-9, MovedKind.Identical), TestCase(1e-5, MovedKind.Estimated)]
    public void An_estimate_counts_as_another_in_its_sixth_digit(double change, MovedKind expected) => Assert.That(
        Compare(Demo, Demo with { Estimate = rows => rows.Select(row => row with { Accuracy = row.Accuracy + change }) }).Forth.Moved,
        Is.EqualTo(expected));

    [Test]
    public void A_row_that_one_side_lacks_is_an_estimate()
    {
        (ExperimentComparison forth, ExperimentComparison back) = Compare(
            Demo, Demo with { Estimate = rows => rows.Where(row => row.Strategy == "single") });
        Assert.That((forth.Moved, back.Moved), Is.EqualTo((MovedKind.Estimated, MovedKind.Estimated)));
        Assert.That(forth.RowsOnlyBefore, Is.EqualTo(new[] { "think coverage 2x" }));
        Assert.That(back.RowsOnlyAfter, Is.EqualTo(new[] { "think coverage 2x" }));
    }

    [Test]
    public void Files_of_schema_1_with_the_same_values_differ_only_in_the_schema()
    {
        ResultFiles schema1 = Schema1(Demo);
        (ExperimentComparison forth, ExperimentComparison back) = Compare(schema1, Demo);
        Assert.That((forth.Moved, back.Moved), Is.EqualTo((MovedKind.Schema, MovedKind.Schema)));
        Assert.That(forth.Schema.Select(change => change.File), Is.EqualTo(new[] { "samples.csv", "accuracy.csv", "problems.csv" }));
        Assert.That(forth.Schema[0].Removed, Is.EqualTo(new[] { "reward" }));
        Assert.That((forth.Schema[1].Removed.Single(), forth.Schema[1].Added), Is.EqualTo(("tokens", new[] { "generated_tokens" })));
        Assert.That(forth.Schema[2].Added, Is.EqualTo(new[] { "pool", "problem", "gold" }));
        Assert.That(back.Schema[0].Added, Is.EqualTo(new[] { "reward" }));
        Assert.That(forth.Inputs, Is.EqualTo(new[]
        {
            new InputChange("schema", "1", "2"), new InputChange("versions.analysis", null, "3"),
            new InputChange("versions.tasks", null, "3"),
        }));
        Assert.That(forth.Accuracy.Select(row => row.Verdict), Is.All.EqualTo(Verdict.Identical));
    }

    [Test]
    public void Columns_of_schema_1_are_read_by_their_names()
    {
        ResultFiles longer = Demo with { Estimate = rows => rows.Select(row => row with { Tokens = row.Tokens + 1 }) };
        (ExperimentComparison forth, _) = Compare(Schema1(Demo), longer);
        Assert.That(forth.Moved, Is.EqualTo(MovedKind.Estimated));
        Assert.That(forth.Estimates.Select(move => move.Difference), Does.Contain("generated_tokens was '7', is '8'"));
    }

    [Test]
    public void Columns_in_another_order_are_only_the_schema()
    {
        (ExperimentComparison forth, _) = Compare(Demo, Demo with { Text = Turned });
        Assert.That(forth.Moved, Is.EqualTo(MovedKind.Schema));
        SchemaChange change = forth.Schema.Single();
        Assert.That((change.File, change.IsMoved, change.Removed.Count, change.Added.Count), Is.EqualTo(("samples.csv", true, 0, 0)));
    }

    [Test]
    public void What_moved_first_names_the_experiment()
    {
        (ExperimentComparison forth, _) = Compare(
            Demo,
            Demo.With("think", 0, 0, row => row with { TokensHash = ResultFiles.Hash(row, 1) })
                .With("think", 0, 1, row => row with { Correct = 1 }).With("greedy", 0, 0, row => row with { Logprob = -2 }) with
            {
                Estimate = rows => rows.Select(row => row with { CiHigh = 1 }),
            });
        Assert.That(forth.Moved, Is.EqualTo(MovedKind.Tokens));
        Assert.That((forth.Pools[0].Tokens.Count, forth.Pools[0].Judged.Count, forth.Pools[1].Scored.Count), Is.EqualTo((1, 1, 1)));
    }

    /// <summary>As the program of schema 1 wrote it: rewards among samples, a column called tokens, no right answers, one key.</summary>
    static ResultFiles Schema1(ResultFiles files) => files.WithRun(run =>
    {
        run["schema"] = 1;
        run["numerics"] = 1;
        run.Remove("versions");
        run.Remove("keys");
        run["key"] = "key";
    }) with
    {
        Problems = [],
        Text = (file, text) => file switch
        {
            "samples.csv" => string.Concat(Lines(text).Select((line, place) => $"{line},{(place == 0 ? "reward" : "-0.5")}\n")),
            "accuracy.csv" => text.Replace("generated_tokens", "tokens"),
            _ => text,
        },
    };

    static string Turned(string file, string text) => file != "samples.csv" ? text
        : string.Concat(Lines(text).Select(line => string.Join(',', line.Split(',').Reverse()) + "\n"));

    static string[] Lines(string text) => text.TrimEnd().Split('\n');
}
