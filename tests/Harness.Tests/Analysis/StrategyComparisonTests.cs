using Harness.Analysis;
using Harness.Samples;
using Harness.Statistics;
using Harness.Strategies;
using Harness.Strategies.Pooled;
using Harness.Tests.Strategies;

namespace Harness.Tests.Analysis;

public sealed class StrategyComparisonTests
{
    [Test]
    public void Plain_outcomes_are_compared_by_mcnemar_and_expectations_by_permutation()
    {
        ProblemSamples[] pool = SamplePools.Random(50, 8);
        IReadOnlyList<ProblemEstimate> all = new PoolEstimates(pool, 1).PerProblem(new Coverage(), 8);
        IReadOnlyList<ProblemEstimate> greedy = new PoolEstimates(pool, 1).PerProblem(new Greedy(), 1);
        IReadOnlyList<ProblemEstimate> one = new PoolEstimates(pool, 1).PerProblem(new SingleSample(), 1);

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
        IReadOnlyList<ProblemEstimate> some = new PoolEstimates(SamplePools.Random(5, 2), 1).PerProblem(new SingleSample(), 1);
        Assert.That(() => StrategyComparison.Of(some, [.. some.Skip(1)], 1), Throws.ArgumentException);
    }

    [Test]
    public void Comparisons_made_together_have_the_sizes_that_they_have_alone_and_adjusted_tests()
    {
        ProblemSamples[] pool = SamplePools.Random(60, 8), other = SamplePools.Random(40, 8, difficulties: 2);
        ComparedStrategies Pair(ProblemSamples[] problems, IPooledStrategy first, int multiplier) => new(
            new PoolEstimates(problems, 1).PerProblem(first, multiplier), new PoolEstimates(problems, 1).PerProblem(new SingleSample(), 1));
        ComparedStrategies[] pairs = [Pair(pool, new MajorityVote(), 8), Pair(other, new Coverage(), 2), Pair(pool, new MajorityVote(), 3)];

        StrategyComparison[] together = [.. StrategyComparison.OfAll(pairs, seed: 1)];

        double[] adjusted = Holm.Adjust([.. together.Select(comparison => comparison.PValue)]);
        for (int i = 0; i < pairs.Length; i++)
        {
            StrategyComparison alone = StrategyComparison.OfAll([pairs[i]], seed: 1)[0];
            StrategyComparison unadjusted = together[i] with { AdjustedPValue = alone.AdjustedPValue, Verdict = alone.Verdict };
            Assert.That(unadjusted, Is.EqualTo(alone), $"pair {i}");
            Assert.That(together[i].AdjustedPValue, Is.EqualTo(adjusted[i]), $"pair {i}");
        }
        Assert.That(together[1].Verdict.Verdict, Is.EqualTo(Verdict.Changed));
    }

    [Test]
    public void What_is_identical_is_not_tested_nor_counted_among_the_tests()
    {
        ProblemSamples[] pool = SamplePools.Random(50, 8);
        IReadOnlyList<ProblemEstimate> vote = new PoolEstimates(pool, 1).PerProblem(new MajorityVote(), 8);
        IReadOnlyList<ProblemEstimate> one = new PoolEstimates(pool, 1).PerProblem(new SingleSample(), 1);

        IReadOnlyList<StrategyComparison> comparisons =
            StrategyComparison.OfAll([new(one, one, isIdentical: true), new(vote, one)], seed: 1);

        Assert.That(comparisons[0].Verdict, Is.EqualTo(new ReasonedVerdict(Verdict.Identical, null)));
        Assert.That(comparisons[1].AdjustedPValue, Is.EqualTo(comparisons[1].PValue));
    }

    [Test]
    public void Equal_accuracies_are_the_same_only_within_a_stated_margin()
    {
        IReadOnlyList<ProblemEstimate> one = new PoolEstimates(SamplePools.Random(300, 8), 1).PerProblem(new SingleSample(), 1);

        StrategyComparison Within(double margin) => StrategyComparison.OfAll([new(one, one)], seed: 1, margin)[0];

        Assert.That(Within(0).Verdict.Verdict, Is.EqualTo(Verdict.CannotTell));
        Assert.That(Within(0.001).Verdict.Verdict, Is.EqualTo(Verdict.CannotTell));
        Assert.That(Within(0.02).Verdict.Verdict, Is.EqualTo(Verdict.Same));
        Assert.That((Within(0).CiLow, Within(0).CiHigh), Is.Not.EqualTo((0.0, 0.0)));
    }
}
