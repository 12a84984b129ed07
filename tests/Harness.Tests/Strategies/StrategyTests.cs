using Harness.Kernels.ExactMath;
using Harness.Registry;
using Harness.Samples;
using Harness.Strategies;
using Harness.Strategies.Pooled;
using Harness.Verifiers;

namespace Harness.Tests.Strategies;

public sealed class StrategyTests
{
    static readonly ProblemSamples[] Pool = SamplePools.Random(40, 12);

    [Test]
    public void Every_strategy_is_found_by_its_name()
    {
        Assert.That(StrategyRegistry.Pooled.Select(strategy => strategy.Name),
            Is.EquivalentTo(new[]
            {
                "greedy", "single", "majority-vote", "weighted-vote", "best-of-n", "coverage", "g-pass", "adaptive-consistency",
                "early-stopping", "vote-lead", "majority-limit",
            }));
        Assert.That(StrategyRegistry.Pooled.Select(strategy => strategy.Summary), Is.All.Not.Empty);
    }

    [Test]
    public void One_sample_is_worth_the_same_to_every_strategy_to_the_bit()
    {
        foreach (PooledStrategyDefinition strategy in StrategyRegistry.Pooled.Where(
            strategy => strategy is { NeedsGreedyDecoding: false, ReadsAllSamples: false }))
        {
            foreach (ProblemSamples problem in Pool)
            {
                double share = problem.Samples.Count(sample => sample.Correct) / 12.0;
                Assert.That(Accuracy(strategy, problem, 1), Is.EqualTo(share), $"{strategy.Name} on {problem.Problem}");
            }
        }
    }

    [Test]
    public void Sample_order_matters_to_none_but_random_subsets_and_orders()
    {
        foreach (PooledStrategyDefinition strategy in StrategyRegistry.Pooled.Where(
            strategy => strategy.Name is not ("weighted-vote" or "greedy" or "adaptive-consistency" or "early-stopping" or "vote-lead")))
        {
            foreach (ProblemSamples problem in Pool)
            {
                ProblemSamples reversed = problem with { Samples = [.. problem.Samples.Reverse()] };
                double expected = Accuracy(strategy, problem, 5);
                Assert.That(Accuracy(strategy, reversed, 5), Is.EqualTo(expected), $"{strategy.Name} on {problem.Problem}");
            }
        }
    }

    [Test]
    public void More_than_the_pool_holds_is_undefined()
    {
        foreach (PooledStrategyDefinition strategy in StrategyRegistry.Pooled.Where(
            strategy => StrategyRegistry.CreateDefault(strategy.Name).SamplesFor(13) == 13))
            Assert.That(Accuracy(strategy, Pool[0], 13), Is.NaN, strategy.Name);
        Assert.That(new Greedy().Estimate(Pool[0] with { Samples = [] }, 1, 5).Own.Accuracy, Is.NaN);
        Assert.That(new SingleSample().Estimate(Pool[0] with { Samples = [] }, 1, 5).Own.Accuracy, Is.NaN);
    }

    [Test]
    public void The_limit_of_a_vote_is_of_all_samples_and_of_no_fewer()
    {
        ProblemSamples problem = new(0, 0, 5, [.. Enumerable.Range(0, 9).Select(i => new PooledSample(i < 6 ? "a" : "b", i < 6, 3, -1))]);
        MajorityLimitMeasure limit = new();
        Assert.That(limit.Estimate(problem, 8, 1).Own.Accuracy, Is.NaN);
        Assert.That(limit.Estimate(problem, 9, 1).Own.Accuracy, Is.InRange(0.8, 0.9), "7 : 4 and one unseen");
        ProblemSamples wrong = problem with { Samples = [.. problem.Samples.Select(sample => sample with { Correct = false })] };
        Assert.That(limit.Estimate(wrong, 9, 1).Own.Accuracy, Is.Zero, "what was not seen is not known to be right");
        ProblemSamples silent = problem with { Samples = [.. problem.Samples.Select(sample => sample with { Answer = null })] };
        Assert.That(limit.Estimate(silent, 9, 1).Own.Accuracy, Is.Zero, "no answer is no vote");
    }

    [Test]
    public void A_single_sample_costs_one_at_any_multiplier()
    {
        Assert.That(new Greedy().SamplesFor(8), Is.EqualTo(1));
        Assert.That(new SingleSample().SamplesFor(8), Is.EqualTo(1));
        Assert.That(new Coverage().SamplesFor(8), Is.EqualTo(8));
    }

    [Test]
    public void Votes_say_that_they_need_unique_answers() =>
        Assert.That(StrategyRegistry.Pooled.Where(strategy => strategy.VotesOnAnswers).Select(strategy => strategy.Name),
            Is.EquivalentTo(new[]
            {
                "majority-vote", "weighted-vote", "adaptive-consistency", "early-stopping", "vote-lead", "majority-limit",
            }));

    [Test]
    public void Mean_logprob_rewards_per_token_and_weighs_in_the_unit_interval()
    {
        MeanLogprob verifier = new();
        PooledSample brief = new("a", true, 2, -1), wordy = new("a", true, 40, -4), none = new(null, false, 0, 0);

        Assert.That(MeanLogprob.Reward(brief), Is.EqualTo(-0.5));
        Assert.That(MeanLogprob.Reward(wordy), Is.EqualTo(-0.1).And.GreaterThan(MeanLogprob.Reward(brief)));
        Assert.That(verifier.Weight(MeanLogprob.Reward(brief)), Is.EqualTo(ExactDouble.Exp(-0.5)));
        Assert.That(MeanLogprob.Reward(none), Is.EqualTo(double.NegativeInfinity));
        Assert.That(verifier.Weight(MeanLogprob.Reward(none)), Is.Zero);
    }

    [Test]
    public void Best_of_n_takes_the_most_confident_of_all()
    {
        ProblemSamples problem = new(0, 0, 5,
            [new("a", false, 10, -3), new("b", true, 10, -1), new("c", false, 2, -0.5)]);

        Assert.That(StrategyRegistry.CreateDefault("best-of-n").Estimate(problem, 3, 1).Own.Accuracy, Is.EqualTo(1));
    }

    static double Accuracy(PooledStrategyDefinition strategy, ProblemSamples problem, int multiplier) =>
        StrategyRegistry.CreateDefault(strategy.Name).Estimate(problem, multiplier, 5).Own.Accuracy;
}
