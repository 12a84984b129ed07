using Harness.Analysis;
using Harness.Kernels.Configuration;
using Harness.Manifests;
using Harness.Records;
using Harness.Registry;
using Harness.Samples;
using Harness.Statistics;
using Harness.Tests.Strategies;

namespace Harness.Tests.Analysis;

public sealed class PairedComparisonsTests
{
    static readonly PoolManifest Think = BoundStrategies.Pool;

    static readonly PoolManifest Direct = Think with { Name = "direct", Prompt = "direct" };

    [Test]
    public void Direct_answers_are_compared_with_chains_of_thought_by_one_expected_sample()
    {
        ComparisonRow row = Compare([Think, Direct]).Single();

        double[] think = Shares(Think), direct = Shares(Direct);
        Assert.That((row.FirstPool, row.FirstStrategy, row.FirstMultiplier), Is.EqualTo(("think", "single", 1)));
        Assert.That((row.SecondPool, row.SecondStrategy, row.SecondMultiplier), Is.EqualTo(("direct", "single", 1)));
        Assert.That((row.Problems, row.Difficulty, row.Test), Is.EqualTo((40, "all", "permutation")));
        Assert.That(
            (row.FirstAccuracy, row.SecondAccuracy),
            Is.EqualTo((SignificantDigits.Round(Mean.Of(think)), SignificantDigits.Round(Mean.Of(direct)))));
        Assert.That(
            row.Difference, Is.EqualTo(SignificantDigits.Round(think.Average() - direct.Average())).And.InRange(row.CiLow, row.CiHigh));
        Assert.That(row.PValue, Is.EqualTo(SignificantDigits.Round(PairedPermutation.PValue(think, direct, seed: 1))));
    }

    [Test]
    public void Greedy_answers_are_compared_by_mcnemar()
    {
        PoolManifest[] pools = [Think with { Temperature = 0, Samples = 1 }, Direct with { Temperature = 0, Samples = 1 }];

        ComparisonRow row = Compare(pools).Single();

        Assert.That((row.FirstStrategy, row.SecondStrategy, row.Test), Is.EqualTo(("greedy", "greedy", "mcnemar")));
        double[] think = Shares(pools[0]), direct = Shares(pools[1]);
        int onlyThink = think.Zip(direct).Count(pair => pair is (1, 0)), onlyDirect = think.Zip(direct).Count(pair => pair is (0, 1));
        Assert.That(row.PValue, Is.EqualTo(SignificantDigits.Round(McNemar.PValue(onlyThink, onlyDirect))));
    }

    [Test]
    public void A_greedy_pool_is_compared_with_a_sampled_one() =>
        Assert.That(Compare([Think, Think with { Name = "greedy", Temperature = 0, Samples = 1 }])
            .Select(row => (row.FirstStrategy, row.SecondStrategy)),
            Is.EqualTo(new[] { ("single", "greedy") }));

    [Test]
    public void Pools_that_ask_other_problems_are_not_compared()
    {
        Assert.That(Compare([Think, Direct with { Task = TaskRegistry.Find("countdown") }]), Is.Empty);
        Assert.That(Compare([Think, Direct with { Difficulties = [3] }]), Is.Empty);
        Assert.That(Compare([Think, Direct with { Problems = 39 }]), Is.Empty);
        Assert.That(Compare([Think, Direct with { TaskOptions = new Dictionary<string, string> { ["Data"] = "other" } }]), Is.Empty);
    }

    [Test]
    public void Pools_that_differ_in_their_number_of_samples_alone_are_not_compared()
    {
        Assert.That(Compare([Think, Think with { Name = "more", Samples = 16 }]), Is.Empty);
        Assert.That(Compare([Think, Think with { Name = "narrow", TopK = 5 }]), Has.Count.EqualTo(1));
        Assert.That(Compare([Think, Think with { Name = "stopped", StopStrings = ["\n"] }]), Has.Count.EqualTo(1));
    }

    [Test]
    public void Strategies_over_a_pool_meet_at_their_largest_common_multiplier()
    {
        IReadOnlyList<ComparisonRow> rows =
            Compare([Think], Reads("majority-vote", 1, 2, 4, 8), Reads("best-of-n", 4, 1), Reads("coverage", 8, 2));

        Assert.That(rows.Select(row => (row.FirstStrategy, row.FirstMultiplier, row.SecondStrategy, row.SecondMultiplier)), Is.EqualTo(new[]
        {
            ("majority-vote", 4, "best-of-n", 4), ("majority-vote", 8, "coverage", 8),
        }), "best-of-n and coverage have no multiplier in common");
        Assert.That((rows[0].FirstAccuracy, rows[0].SecondAccuracy), Is.EqualTo((Accuracy("majority-vote", 4), Accuracy("best-of-n", 4))));
        Assert.That((rows[1].FirstAccuracy, rows[1].SecondAccuracy), Is.EqualTo((Accuracy("majority-vote", 8), Accuracy("coverage", 8))));

        static double Accuracy(string strategy, int multiplier) =>
            SignificantDigits.Round(
                Mean.Of(
                    [.. Sampled(Think)
                    .Select(problem => StrategyRegistry.CreateDefault(strategy).Estimate(problem, multiplier, 1).Own.Accuracy)]));
    }

    [Test]
    public void A_single_sample_is_the_baseline_of_the_largest_multiplier()
    {
        IReadOnlyList<ComparisonRow> rows = Compare([Think], Reads("single", 1), Reads("coverage", 1, 8));

        Assert.That(rows.Select(row => (row.FirstStrategy, row.FirstMultiplier, row.SecondStrategy, row.SecondMultiplier)),
            Is.EqualTo(new[] { ("single", 1, "coverage", 8) }));
        Assert.That(Compare([Think], Reads("single", 1), Reads("coverage", 1)), Is.Empty, "of one sample both make the same");
    }

    [Test]
    public void Rows_are_the_same_every_time()
    {
        (string, int[])[] strategies = [Reads("majority-vote", 1, 4), Reads("weighted-vote", 1, 4), Reads("best-of-n", 4)];
        byte[] first = ComparisonTable.Csv.Write(Compare([Think, Direct], strategies)), second =
            ComparisonTable.Csv.Write(Compare([Think, Direct], strategies));
        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void A_whole_experiment_is_compared_in_a_moment()
    {
        PoolManifest[] pools = [.. new[] { Think, Direct }.Select(pool => pool with { Problems = 300, Samples = 64 })];
        string[] names = ["single", "majority-vote", "weighted-vote", "best-of-n", "coverage"];
        TimeSpan before = Environment.CpuUsage.TotalTime;
        Assert.That(Compare(pools, [.. names.Select(name => Reads(name, name == "single" ? [1] : [1, 64]))]), Has.Count.EqualTo(11));
        TimeSpan used = Environment.CpuUsage.TotalTime - before;
        TestContext.Out.WriteLine($"{used.TotalSeconds:0.00} s of the processors' time");
        Assert.That(used.TotalSeconds, Is.LessThan(5), "of the processors' time: other programs do not count");
    }

    static (string Name, int[] Multipliers) Reads(string name, params int[] multipliers) => (name, [.. multipliers.Order()]);

    static IReadOnlyList<ComparisonRow> Compare(PoolManifest[] pools, params (string Name, int[] Multipliers)[] strategies) =>
        PairedComparisons.Of(
        new Manifest
        {
            Name = "demo",
            Project = "demo.proj",
            Title = "Demo",
            Model = "model",
            Precision = Precision.F32,
            Seed = 1,
            Pools = pools,
            Engine = EngineRegistry.All[0],
            IsEngineDefault = true,
            Strategies = [.. strategies.Select(strategy => BoundStrategies.Over(pools[0], strategy.Name, strategy.Multipliers))],
            Placement = new Placement(),
        },
        pools.ToDictionary(pool => pool, pool => new PoolEstimates(Sampled(pool), seed: 1)));

    static double[] Shares(PoolManifest pool) =>
        [.. Sampled(pool).Select(problem => problem.Samples.Average(sample => sample.Correct ? 1.0 : 0))];

    /// <summary>Made-up answers: chains of thought are right more often.</summary>
    static ProblemSamples[] Sampled(PoolManifest pool) =>
    [
        .. Enumerable.Range(0, pool.Problems).Select(problem => new ProblemSamples(problem, 3, 9,
        [
            .. Enumerable.Range(0, pool.Samples).Select(sample =>
            {
                int draw = (problem * 7919 + sample * 104729 + pool.Name.Length * 31) % 97;
                bool correct = draw < (pool.Prompt == "think" ? 60 : 25) + problem % 20;
                return new PooledSample(correct ? "right" : $"wrong{draw % 5}", correct, 5 + draw % 7, -draw / 10.0);
            }),
        ])),
    ];
}
