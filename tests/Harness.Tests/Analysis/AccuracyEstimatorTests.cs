using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Harness.Analysis;
using Harness.Kernels.Models;
using Harness.Records;
using Harness.Registry;
using Harness.Samples;
using Harness.Statistics;
using Harness.Strategies;
using Harness.Strategies.Pooled;
using Harness.Tests.Strategies;

namespace Harness.Tests.Analysis;

public sealed class AccuracyEstimatorTests
{
    static IReadOnlyList<AccuracyRow> Rows(ProblemSamples[] pool, string strategy, params int[] multipliers) =>
        AccuracyEstimator.Estimate(BoundStrategies.Over(BoundStrategies.Pool, strategy, multipliers), pool, SamplePools.Model, seed: 1);

    [Test]
    public void Rows_go_by_multiplier_then_difficulty_then_all()
    {
        IReadOnlyList<AccuracyRow> rows = Rows(SamplePools.Random(30, 8), "coverage", 1, 4);

        Assert.That(rows.Select(row => (row.Multiplier, row.Difficulty, row.Problems)), Is.EqualTo(new[]
        {
            (1, "3", 10), (1, "5", 10), (1, "7", 10), (1, "all", 30), (4, "3", 10), (4, "5", 10), (4, "7", 10), (4, "all", 30),
        }));
        Assert.That(rows.Select(row => (row.Pool, row.Strategy)), Is.All.EqualTo(("think", "coverage")));
    }

    [Test]
    public void One_difficulty_is_not_said_twice() =>
        Assert.That(Rows(SamplePools.Random(10, 4, difficulties: 1), "coverage", 1).Select(row => row.Difficulty), Is.EqualTo(new[] { "all" }));

    [Test]
    public void Accuracy_is_the_mean_over_problems_within_its_interval()
    {
        ProblemSamples[] pool = SamplePools.Random(60, 8);
        foreach (AccuracyRow row in Rows(pool, "majority-vote", 1, 3, 8))
        {
            double[] values = [.. AccuracyEstimator.PerProblem(pool, new MajorityVote(), row.Multiplier, 1)
                .Where(estimate => row.Difficulty is "all" || row.Difficulty == $"{estimate.Difficulty}")
                .Select(estimate => estimate.Accuracy)];
            Assert.That(row.Accuracy, Is.EqualTo(values.Average()).Within(1e-14));
            Assert.That(row.CiLow, Is.LessThan(row.Accuracy));
            Assert.That(row.CiHigh, Is.GreaterThan(row.Accuracy));
        }
    }

    [Test]
    public void Cost_counts_the_prompt_once_and_k_mean_samples()
    {
        ProblemSamples[] pool =
        [
            new(0, 3, 10, [new("a", true, 4, -1, null), new("b", false, 8, -1, null)]),
            new(1, 3, 12, [new("a", true, 1, -1, null), new("b", false, 3, -1, null)]),
        ];

        AccuracyRow row = Rows(pool, "coverage", 2).Single();

        ModelConfig model = SamplePools.Model;
        double first = ModelFlops.Prompt(model, 10) + ModelFlops.Generation(model, 10, 4) + ModelFlops.Generation(model, 10, 8);
        double second = ModelFlops.Prompt(model, 12) + ModelFlops.Generation(model, 12, 1) + ModelFlops.Generation(model, 12, 3);
        Assert.That(row.Tokens, Is.EqualTo((12 + 4) / 2.0));
        Assert.That(row.Flops, Is.EqualTo((first + second) / 2));
    }

    [Test]
    public void Greedy_costs_one_sample_at_any_multiplier()
    {
        ProblemSamples[] pool = SamplePools.Random(10, 1);
        AccuracyRow[] rows = [.. Rows(pool, "greedy", 1, 4).Where(row => row.Difficulty == "all")];
        Assert.That(rows[1] with { Multiplier = 1 }, Is.EqualTo(rows[0]));
    }

    [Test]
    public void All_right_has_the_exact_interval()
    {
        PooledSample right = new("a", true, 4, -1, null);
        ProblemSamples[] pool = [.. Enumerable.Range(0, 20).Select(i => new ProblemSamples(i, 0, 5, [right, right]))];

        AccuracyRow row = Rows(pool, "majority-vote", 2).Single();

        Assert.That((row.Accuracy, row.CiLow, row.CiHigh), Is.EqualTo((1.0, ClopperPearson.Of(20, 20).Low, 1.0)));
    }

    [Test]
    public void A_problem_with_too_few_samples_leaves_the_row_undefined()
    {
        AccuracyRow row = Rows(SamplePools.Random(10, 4, difficulties: 1), "coverage", 5).Single();
        Assert.That((row.Accuracy, row.CiLow, row.CiHigh), Is.EqualTo((double.NaN, double.NaN, double.NaN)));
    }

    [Test]
    public void Only_random_subsets_have_a_monte_carlo_error()
    {
        ProblemSamples[] pool = SamplePools.Random(12, 8, difficulties: 1);
        foreach (AccuracyRow row in StrategyRegistry.All.SelectMany(strategy => Rows(pool, strategy.Name, 1, 3, 8)))
        {
            double squares = pool.Sum(problem => Math.Pow(StrategyRegistry.CreateDefault(row.Strategy).Estimate(problem, row.Multiplier, 1).StandardError, 2));
            Assert.That(row.MonteCarloError, Is.EqualTo(Math.Sqrt(squares) / 12).Within(1e-15), $"{row.Strategy} {row.Multiplier}");
            Assert.That(row.MonteCarloError, (row.Strategy, row.Multiplier) == ("weighted-vote", 3) ? Is.InRange(1e-4, 1e-2) : Is.Zero, $"{row.Strategy} {row.Multiplier}");
        }
    }

    [Test]
    public void Bits_of_the_rows_are_those_of_every_machine()
    {
        ProblemSamples[] pool = SamplePools.Random(30, 16);
        string rows = string.Join('\n', StrategyRegistry.All.SelectMany(strategy => Rows(pool, strategy.Name, 1, 2, 5, 16)).Select(row =>
            $"{row.Strategy},{row.Multiplier},{row.Difficulty},{row.Accuracy},{row.CiLow},{row.CiHigh},{row.Tokens},{row.Flops}"));

        Assert.That(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(rows))), Is.EqualTo("8D9E36CD9E384DE0CAF84F3A3B4FA7026035A1C71ED6768E9210E84670B3F71A"), rows);
    }

    [Test]
    public void Plain_outcomes_are_compared_by_mcnemar_and_expectations_by_permutation()
    {
        ProblemSamples[] pool = SamplePools.Random(50, 8);
        IReadOnlyList<ProblemEstimate> all = AccuracyEstimator.PerProblem(pool, new Coverage(), 8, 1);
        IReadOnlyList<ProblemEstimate> greedy = AccuracyEstimator.PerProblem(pool, new Greedy(), 1, 1);
        IReadOnlyList<ProblemEstimate> one = AccuracyEstimator.PerProblem(pool, new SingleSample(), 1, 1);

        StrategyComparison plain = StrategyComparison.Of(all, greedy, seed: 1), expected = StrategyComparison.Of(all, one, seed: 1);

        int gained = all.Zip(greedy).Count(pair => pair.First.Accuracy > pair.Second.Accuracy);
        Assert.That((plain.Test, plain.PValue), Is.EqualTo(("mcnemar", McNemar.PValue(gained, 0))));
        Assert.That(expected.Test, Is.EqualTo("permutation"));
        Assert.That(expected.PValue, Is.LessThan(0.01));
        Assert.That(expected.Difference, Is.EqualTo(expected.First - expected.Second).Within(1e-12));
        Assert.That(expected.Difference, Is.InRange(expected.CiLow, expected.CiHigh));
    }

    [Test]
    public void Estimates_of_other_problems_are_not_compared()
    {
        IReadOnlyList<ProblemEstimate> some = AccuracyEstimator.PerProblem(SamplePools.Random(5, 2), new SingleSample(), 1, 1);
        Assert.That(() => StrategyComparison.Of(some, [.. some.Skip(1)], 1), Throws.ArgumentException);
    }

    [Test]
    public void A_whole_experiment_is_estimated_in_a_moment()
    {
        ProblemSamples[] pool = SamplePools.Random(300, 64);
        var watch = Stopwatch.StartNew();
        foreach (string strategy in new[] { "majority-vote", "weighted-vote", "best-of-n", "coverage" })
        {
            long before = watch.ElapsedMilliseconds;
            Rows(pool, strategy, 1, 2, 4, 8, 16, 32, 64);
            TestContext.Out.WriteLine($"{strategy} {watch.ElapsedMilliseconds - before} ms");
        }
        Assert.That(watch.Elapsed.TotalSeconds, Is.LessThan(5), "a few tenths of a second when nothing else runs");
    }
}
