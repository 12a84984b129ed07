using System.Text.Json.Nodes;
using Harness.Comparison;
using Harness.Statistics;
using Harness.Tests.Comparison.Fakes;
using static Harness.Tests.Comparison.Fakes.ResultFiles;

namespace Harness.Tests.Comparison;

/// <summary>Differences in accuracy between two sides: which problems, which test, which family, which verdict.</summary>
sealed class AccuracyDifferenceTests
{
    ScratchRepository repository = null!;

    [SetUp]
    public void SetUp() => repository = new ScratchRepository();

    [TearDown]
    public void TearDown() => repository.Dispose();

    ResultComparison Compare(ResultFiles[] before, ResultFiles[] after, double margin = 0, params string[] names)
    {
        string first = repository.Commit(before);
        return Compared.Of(repository.Root, first, repository.Commit(after), margin, names);
    }

    AccuracyDifference[] Rows(ResultFiles before, ResultFiles after, double margin = 0) =>
        [.. Compare([before], [after], margin).Experiments.Single().Accuracy];

    [Test]
    public void One_sample_a_problem_is_tested_by_McNemar()
    {
        // Two problems are right in B alone and none in A alone: of 2^2 ways to swap them, 2 are as extreme.
        ResultFiles before = Of("demo", ("greedy", "1 0 0 0"));
        AccuracyDifference row = Rows(before, before.Answering("greedy", "1 1 1 0")).Single();
        Assert.That((row.Before, row.After, row.Difference, row.Problems), Is.EqualTo((0.25, 0.75, 0.5, 4)));
        Assert.That((row.Comparison!.Test, row.Comparison.PValue, row.Comparison.AdjustedPValue), Is.EqualTo(("mcnemar", 0.5, 0.5)));
        Assert.That(row.Comparison.CiLow, Is.InRange(-0.4, 0));
        Assert.That(row.Comparison.CiHigh, Is.InRange(0.8, 1));
        Assert.That(row.Verdict, Is.EqualTo(Verdict.CannotTell));
    }

    [Test]
    public void Several_samples_a_problem_are_tested_by_all_swaps()
    {
        // single: +1/2 on each of three problems, so 2 of 2^3 sign patterns are as extreme; coverage: right in B alone on one problem.
        ResultFiles before = Of("demo", ("think", "00 10 01"));
        AccuracyDifference[] rows = Rows(before, before.Answering("think", "10 11 11"));
        Assert.That(rows.Select(row => (row.Cell.Strategy, row.Cell.Multiplier)), Is.EqualTo(new[] { ("single", 1), ("coverage", 2) }));
        Assert.That(rows.Select(row => row.Before), Is.EqualTo(new[] { 1 / 3.0, 2 / 3.0 }).Within(1e-12));
        Assert.That(rows.Select(row => row.After), Is.EqualTo(new[] { 5 / 6.0, 1 }).Within(1e-12));
        Assert.That(rows.Select(row => (row.Comparison!.Test, row.Comparison.PValue)),
            Is.EqualTo(new[] { ("permutation", 0.25), ("mcnemar", 1.0) }));
        Assert.That(rows.Select(row => row.Comparison!.AdjustedPValue), Is.EqualTo(new[] { 0.5, 1.0 }));
    }

    [Test]
    public void Every_pair_of_three_problems_has_the_p_that_counting_gives()
    {
        string[] outcomes =
            [.. Enumerable.Range(0, 8).Select(bits => string.Join(' ', Convert.ToString(bits, 2).PadLeft(3, '0').ToArray()))];
        ResultFiles[] first = [.. outcomes.SelectMany((_, i) => outcomes.Select((_, j) => Of($"e{i}-{j}", ("greedy", outcomes[i]))))];
        ResultFiles[] second = [.. first.Select((files, place) => files.Answering("greedy", outcomes[place % 8]))];
        ResultComparison comparison = Compare(first, second);
        Assert.That(comparison.Experiments, Has.Count.EqualTo(64));
        Assert.That(comparison.Tests, Is.EqualTo(56));
        foreach (AccuracyDifference row in comparison.Experiments.SelectMany(experiment => experiment.Accuracy))
        {
            int i = row.Cell.Experiment[1] - '0', j = row.Cell.Experiment[3] - '0';
            int won = int.PopCount(j & ~i), lost = int.PopCount(i & ~j);
            Assert.That(row.Difference, Is.EqualTo((won - lost) / 3.0).Within(1e-12), row.Cell.Experiment);
            Assert.That(row.Verdict, Is.EqualTo(i == j ? Verdict.Identical : Verdict.CannotTell), row.Cell.Experiment);
            if (i != j)
                Assert.That(row.Comparison!.PValue, Is.EqualTo(Counted(won, lost)).Within(1e-12), row.Cell.Experiment);
        }
        Assert.That(comparison.MovedRows.Select(row => Math.Abs(row.Difference)), Is.Ordered.Descending);
        Assert.That(comparison.MovedRows, Has.Count.EqualTo(56));
    }

    /// <summary>The share of all ways to hand out the discordant problems that are as uneven.</summary>
    static double Counted(int won, int lost)
    {
        int all = 1 << won + lost;
        int asUneven = Enumerable.Range(0, all).Count(swaps => Math.Abs(2 * int.PopCount(swaps) - won - lost) >= Math.Abs(won - lost));
        return (double)asUneven / all;
    }

    [Test]
    public void Tests_of_all_experiments_are_adjusted_together()
    {
        // p = 2 / 2^10, 2 / 2^8 and 2 / 2^6: Holm's factors are 3, 2 and 1.
        ResultFiles Before(string name) => Of(name, ("greedy", Repeat((20, "0"))));
        ResultFiles After(string name, int won) => Before(name).Answering("greedy", Repeat((won, "1"), (20 - won, "0")));
        ResultComparison comparison = Compare(
            [Before("a"), Before("b"), Before("c"), Before("d")], [After("a", 8), After("b", 10), After("c", 6), Before("d")]);
        Dictionary<string, AccuracyDifference> rows =
            comparison.Experiments.ToDictionary(experiment => experiment.Name, experiment => experiment.Accuracy.Single());
        Assert.That(comparison.Tests, Is.EqualTo(3));
        Assert.That(new[] { "b", "a", "c" }.Select(name => rows[name].Comparison!.AdjustedPValue),
            Is.EqualTo(new[] { 3 * 2 / 1024.0, 2 * 2 / 256.0, 2 / 64.0 }).Within(1e-12));
        Assert.That(rows["d"].Verdict, Is.EqualTo(Verdict.Identical));
        Assert.That(comparison.MovedRows.Select(row => row.Cell.Experiment), Is.EqualTo(new[] { "b", "a", "c" }));
        Assert.That(comparison.Experiments.Select(experiment => experiment.Name), Is.EqualTo(new[] { "a", "b", "c", "d" }));
        Assert.That(comparison.IsChanged, Is.True);

        ResultComparison alone = Compared.Of(repository.Root, "HEAD~1", "HEAD", 0, "a");
        Assert.That(alone.Experiments.Single().Accuracy.Single().Comparison!.AdjustedPValue, Is.EqualTo(2 / 256.0).Within(1e-12));
    }

    [Test]
    public void Tokens_that_moved_or_an_accuracy_that_changed_are_each_a_change()
    {
        ResultFiles before = Of("demo", ("greedy", Repeat((20, "0"))));
        ResultFiles Judged(int right) => before with
        {
            Samples = [.. before.Samples.Select(row => row.Problem < right ? row with { Correct = 1 } : row)],
        };
        ResultComparison tokens = Compare([before], [before.With("greedy", 0, 0, row => row with { TokensHash = Hash(row, 1) })]);
        Assert.That((tokens.MovedRows.Single().Verdict, tokens.IsChanged), Is.EqualTo(((Verdict?)Verdict.CannotTell, true)));
        ResultComparison judged = Compare([before], [Judged(10)]);
        Assert.That((judged.Experiments.Single().Moved, judged.IsChanged), Is.EqualTo((MovedKind.Judged, true)));
        Assert.That(Compare([before], [Judged(1)]).IsChanged, Is.False);
    }

    [Test]
    public void Directions_mirror_each_other()
    {
        ResultFiles before = Of("demo", ("think", Repeat((6, "00"), (3, "11"), (4, "10"))));
        ResultFiles after = before.Answering("think", Repeat((6, "10"), (3, "01"), (4, "11")));
        string first = repository.Commit(before), second = repository.Commit(after, Of("new", ("greedy", "1")));
        ResultComparison forth = Compared.Of(repository.Root, first, second), back = Compared.Of(repository.Root, second, first);
        foreach ((AccuracyDifference one, AccuracyDifference other) in
            forth.Experiments.Single().Accuracy.Zip(back.Experiments.Single().Accuracy))
        {
            Assert.That((one.Before, one.After), Is.EqualTo((other.After, other.Before)));
            Assert.That(one.Difference, Is.EqualTo(-other.Difference).Within(1e-12));
            Assert.That(one.Comparison!.PValue, Is.EqualTo(other.Comparison!.PValue));
            // The anchors of +1 and -1 change places with the direction, and with them the draws: the ends agree up to their noise.
            Assert.That(one.Comparison.CiLow, Is.EqualTo(-other.Comparison.CiHigh).Within(0.04));
            Assert.That(one.Comparison.CiHigh, Is.EqualTo(-other.Comparison.CiLow).Within(0.04));
            Assert.That(one.Verdict, Is.EqualTo(other.Verdict));
        }
        Assert.That((forth.OnlyBefore.Count, forth.OnlyAfter.Single()), Is.EqualTo((0, "new")));
        Assert.That((back.OnlyBefore.Single(), back.OnlyAfter.Count), Is.EqualTo(("new", 0)));
    }

    [TestCase(0, Verdict.CannotTell), TestCase(0.1, Verdict.Same)]
    public void A_small_difference_is_the_same_only_within_a_stated_margin(double margin, Verdict expected)
    {
        ResultFiles before = Of("demo", ("greedy", Repeat((100, "1"), (100, "0"))));
        AccuracyDifference row = Rows(before, before.Answering("greedy", Repeat((101, "1"), (99, "0"))), margin).Single();
        Assert.That(row.Verdict, Is.EqualTo(expected));
        Assert.That(row.Comparison!.PValue, Is.EqualTo(1));
        // Needed = N (detectable / observed)^2, with (1.96 + 0.84) standard errors detectable.
        Assert.That(row.Comparison.ProblemsToTell,
            Is.EqualTo(Math.Ceiling(200 * Math.Pow(row.Comparison.DetectableEffect / 0.005, 2))).Within(1));
        Assert.That(row.Comparison.DetectableEffect, Is.InRange(0.01, 0.04));
    }

    [Test]
    public void A_change_within_the_margin_says_that_it_is_real_but_small()
    {
        ResultFiles before = Of("demo", ("greedy", Repeat((100, "1"), (300, "0"))));
        AccuracyDifference row = Rows(before, before.Answering("greedy", Repeat((110, "1"), (290, "0"))), 0.1).Single();
        Assert.That((row.Verdict, row.Reason), Is.EqualTo((Verdict.Changed, "the difference is real, but smaller than the margin")));
    }

    [Test]
    public void Only_problems_that_both_sides_have_are_paired()
    {
        ResultFiles before = Of("demo", ("greedy", "0 0 1 1"));
        ResultFiles after = before.Answering("greedy", "1 0 1 1");
        AccuracyDifference row = Rows(before, after with { Samples = [.. after.Samples.Where(sample => sample.Problem < 2)] }).Single();
        Assert.That((row.Problems, row.Before, row.After), Is.EqualTo((2, 0.0, 0.5)));
    }

    static IEnumerable<TestCaseData> Others() => new (Func<ResultFiles, ResultFiles> Change, string Expected)[]
    {
        (files => files.WithRun(run => run["manifest"]!["seed"] = 2), "the problems are others: seed changed"),
        (files => files.WithRun(run => run["inputs"]!["pools"]!["greedy"]!["data"] = "cd34"), "the problems are others: data changed"),
        (files => files.WithRun(run => run["manifest"]!["pools"]![0]!["task"] = "countdown"), "the problems are others: task changed"),
        (files => files with { Problems = [.. files.Problems.Select(row => row with { Gold = row.Problem == 1 ? "5" : row.Gold })] },
            "the problems are others: problem 1 has another right answer"),
        (files => files.With("greedy", 1, 0, row => row with { Difficulty = 4 }),
            "the problems are others: problem 1 has another difficulty"),
        (files => files.WithRun(run => run["manifest"]!["strategies"]![0]!["verifier"] = "oracle"),
            "this program has no verifier 'oracle'"),
        (files => files.WithRun(run => ((JsonArray)run["manifest"]!["strategies"]!).RemoveAt(0)),
            "run.json does not name single over greedy"),
    }.Select(other => new TestCaseData(other.Change, other.Expected).SetArgDisplayNames(other.Expected));

    [TestCaseSource(nameof(Others))]
    public void Rows_that_can_t_be_paired_are_not_tested_and_say_why(Func<ResultFiles, ResultFiles> change, string expected)
    {
        ResultFiles before = Of("demo", ("greedy", "0 0 1"));
        AccuracyDifference row = Rows(before, change(before.Answering("greedy", "1 1 1"))).Single();
        Assert.That((row.Verdict, row.Reason), Is.EqualTo(((Verdict?)null, expected)));
        Assert.That(row.Comparison, Is.Null);
        Assert.That((row.Before, row.After), Is.EqualTo((1 / 3.0, 1.0)));
    }

    [Test]
    public void Equal_tokens_come_of_equal_problems_whatever_the_data_s_hash()
    {
        ResultFiles before = Of("demo", ("greedy", "0 0 1"));
        ResultFiles after = before.With("greedy", 0, 0, row => row with { Correct = 1 })
            .WithRun(run => run["inputs"]!["pools"]!["greedy"]!["data"] = "cd34");
        AccuracyDifference row = Rows(before, after).Single();
        Assert.That((row.Verdict, row.Difference), Is.EqualTo(((Verdict?)Verdict.CannotTell, 1 / 3.0)));
    }

    static ResultFiles Recorded(ResultFiles files, string hash, int firstProblem = 0) => (files with
    {
        Samples = [.. files.Samples.Select(row => row with { TokensHash = "", Tokens = null })],
    }).WithRun(run =>
    {
        run["inputs"]!["pools"]!["greedy"]!["recorded"] = hash;
        run["manifest"]!["pools"]![0]!["first_problem"] = firstProblem;
    });

    /// <summary>A recording has no token ids: its file tells whether samples are the same ones.</summary>
    [TestCase("ab", MovedKind.Judged)]
    [TestCase("cd", MovedKind.Tokens)]
    public void Recorded_samples_of_one_file_are_judged_otherwise_and_of_two_are_others(string hash, MovedKind expected)
    {
        ResultFiles before = Of("demo", ("greedy", "0 0 1"));
        ResultFiles after = Recorded(before.Answering("greedy", "1 1 1"), hash).WithRun(run => run["manifest"]!["seed"] = 2);
        ExperimentComparison compared = Compare([Recorded(before, "ab")], [after]).Experiments.Single();
        Assert.That(compared.Moved, Is.EqualTo(expected));
        Assert.That(compared.Accuracy.Single().Difference, Is.EqualTo(2 / 3.0).Within(1e-12));
    }

    [Test]
    public void Recorded_samples_of_other_problems_are_not_paired()
    {
        ResultFiles before = Of("demo", ("greedy", "0 0 1"));
        ResultFiles after = Recorded(before.Answering("greedy", "1 1 1"), "ab", firstProblem: 3);
        AccuracyDifference row = Rows(Recorded(before, "ab"), after).Single();
        Assert.That((row.Verdict, row.Reason), Is.EqualTo(((Verdict?)null, "the problems are others: first_problem changed")));
    }

    [Test]
    public void A_strategy_that_this_program_lacks_is_not_tested()
    {
        ResultFiles Oracle(ResultFiles files) => files.WithRun(run => run["manifest"]!["strategies"]![0]!["name"] = "oracle") with
        {
            Estimate = rows => rows.Select(row => row with { Strategy = "oracle" }),
        };
        ResultFiles before = Of("demo", ("greedy", "0 0 1"));
        AccuracyDifference row = Rows(Oracle(before), Oracle(before.Answering("greedy", "1 1 1"))).Single();
        Assert.That((row.Verdict, row.Reason), Is.EqualTo(((Verdict?)null, "this program has no strategy 'oracle'")));
    }

    [Test]
    public void A_strategy_without_its_rewards_is_not_tested()
    {
        ResultFiles Scored(ResultFiles files) => files.WithRun(run =>
        {
            run["manifest"]!["strategies"]![0]!["name"] = "best-of-n";
            run["manifest"]!["strategies"]![0]!["verifier"] = "exact-checker";
        }) with
        {
            Estimate = rows => rows.Select(row => row with { Strategy = "best-of-n" }),
        };
        ResultFiles before = Of("demo", ("greedy", "0 0 1"));
        AccuracyDifference row = Rows(Scored(before), Scored(before.Answering("greedy", "1 1 1"))).Single();
        Assert.That(row.Reason, Is.EqualTo("rewards.csv lacks those of exact-checker"));
    }
}
