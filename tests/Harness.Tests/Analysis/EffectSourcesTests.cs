using Harness.Analysis;
using Harness.Commands;
using Harness.Records;
using Harness.Samples;
using Harness.Statistics;
using Harness.Strategies.Pooled;

namespace Harness.Tests.Analysis;

sealed class EffectSourcesTests
{
    /// <summary>Problems with rates of their own, from <paramref name="low"/> to <paramref name="high"/>, and binomial samples.</summary>
    static PoolEstimates Pool(int problems, int samples, double low, double high, int seed)
    {
        Random random = new(seed);
        return new PoolEstimates(
            [
                .. Enumerable.Range(0, problems).Select(problem =>
                {
                    double rate = low + (high - low) * problem / (problems - 1);
                    return new ProblemSamples(problem, 0, 5, [.. Enumerable.Range(0, samples).Select(_ => random.NextDouble() < rate)
                        .Select(right => new PooledSample(right ? "a" : "b", right, 3, -1))]);
                }),
            ], 1);
    }

    static EffectSources.Side Single(PoolEstimates pool, bool isDeterministic = false) => new(pool, new SingleSample(), 1, isDeterministic);

    static double Detectable(PoolEstimates first, PoolEstimates second) => PairedDifference.Of(
        first.Accuracies(new SingleSample(), 1), second.Accuracies(new SingleSample(), 1), new(new int[first.Problems.Count], 1))
        .DetectableEffect;

    /// <summary>
    /// One pool's rates are uniform on 0 .. 1 and the other's are one half: differences vary between problems by 1/12, and within one by
    /// p(1 - p)/n on either side, the mean of which is (1/6 + 1/4)/n.
    /// </summary>
    [TestCase(4), TestCase(16)]
    public void Both_sources_are_those_of_the_truth(int samples)
    {
        const int problems = 4000;
        PoolEstimates first = Pool(problems, samples, 0, 1, 1), second = Pool(problems, samples, 0.5, 0.5, 2);
        EffectSources sources = EffectSources.Of(Single(first), Single(second), Detectable(first, second));
        double quantiles = PairedDifference.DetectableErrors;
        Assert.That(sources.Within, Is.EqualTo(quantiles * Math.Sqrt((1 / 6.0 + 1 / 4.0) / samples / problems)).Within(4).Percent);
        Assert.That(sources.Between, Is.EqualTo(quantiles * Math.Sqrt(1 / 12.0 / problems)).Within(4).Percent);
    }

    [Test]
    public void The_squares_add_up()
    {
        PoolEstimates first = Pool(50, 8, 0, 1, 3), second = Pool(50, 8, 0.3, 0.6, 4);
        double whole = Detectable(first, second);
        EffectSources sources = EffectSources.Of(Single(first), Single(second), whole);
        Assert.That(Math.Sqrt(sources.Between * sources.Between + sources.Within * sources.Within), Is.EqualTo(whole).Within(1e-12));
    }

    [Test]
    public void Greedy_decoding_does_not_vary_within_a_problem()
    {
        PoolEstimates greedy = Pool(50, 1, 0, 1, 3);
        EffectSources sources = EffectSources.Of(Single(greedy, isDeterministic: true), Single(greedy, isDeterministic: true), 0.1);
        Assert.That((sources.Between, sources.Within, sources.Note), Is.EqualTo((0.1, 0.0, "")));
    }

    [Test]
    public void A_multiplier_beyond_half_of_the_samples_says_why_there_is_nothing()
    {
        PoolEstimates pool = Pool(20, 9, 0, 1, 3);
        EffectSources sources = EffectSources.Of(Single(pool), new EffectSources.Side(pool, new MajorityVote(), 5, false), 0.1);
        Assert.That((sources.Between, sources.Within), Is.EqualTo((double.NaN, double.NaN)));
        Assert.That(sources.Note, Is.EqualTo("two disjoint halves of 9 samples have fewer than the 5 that are read"));
        Assert.That(EffectSources.Of(Single(pool), new EffectSources.Side(pool, new MajorityVote(), 4, false), 0.1).Note, Is.Empty);
    }

    /// <summary>A part of .03 between and of .04 within 100 problems: .05 in all.</summary>
    [TestCase(0.05, 1, 100), TestCase(0.025, 1, 400), TestCase(0.03, double.PositiveInfinity, 100), TestCase(0.01, 4, 1300)]
    public void A_plan_is_as_many_problems_as_bring_the_effect_down(double wanted, double times, long problems)
    {
        ComparisonRow row = new()
        {
            FirstPool = "a",
            FirstStrategy = "single",
            FirstMultiplier = 1,
            SecondPool = "b",
            SecondStrategy = "single",
            SecondMultiplier = 1,
            Difficulty = "all",
            Problems = 100,
            FirstAccuracy = 0.5,
            SecondAccuracy = 0.5,
            Difference = 0,
            CiLow = 0,
            CiHigh = 0,
            PValue = 1,
            Test = "permutation",
            DetectableEffect = 0.05,
            DetectableBetween = 0.03,
            DetectableWithin = 0.04,
        };
        Assert.That(PowerCommand.Problems(row, wanted, times), Is.EqualTo(problems).Within(1));
        Assert.That(PowerCommand.Problems(row with { DetectableBetween = double.NaN }, wanted, 2), Is.Null);
    }
}
