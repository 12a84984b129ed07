using Harness.Analysis;
using Harness.Samples;
using Harness.Statistics;
using Harness.Strategies;
using Harness.Tests.Strategies;

namespace Harness.Tests.Analysis;

public sealed class PoolEstimatesTests
{
    [Test]
    public void Every_problem_is_estimated_once_however_often_it_is_asked_for()
    {
        Counting strategy = new();
        ProblemSamples[] pool = SamplePools.Random(40, 4);
        PoolEstimates estimates = new(pool, seed: 3);

        Assert.That(estimates.Accuracies(strategy, 2), Is.EqualTo(pool.Select(problem => problem.Problem / 100.0 + 2)));
        Assert.That(estimates.PerProblem(strategy, 2).Select(estimate => (estimate.Problem, estimate.Difficulty)),
            Is.EqualTo(pool.Select(problem => (problem.Problem, problem.Difficulty))));
        Assert.That(strategy.Calls, Is.EqualTo(40));
        estimates.Of(strategy, 3);
        Assert.That(strategy.Calls, Is.EqualTo(80), "another multiplier is another estimate");
    }

    [Test]
    public void A_failure_on_any_thread_is_thrown_as_itself()
    {
        PoolEstimates estimates = new(SamplePools.Random(40, 4), seed: 3);
        Assert.That(() => estimates.Of(new Counting { FailsOn = 17 }, 1), Throws.InstanceOf<FormatException>());
    }

    sealed class Counting : IPooledStrategy
    {
        int calls;

        public int Calls => calls;
        public int FailsOn { get; init; } = -1;

        public int SamplesFor(int multiplier) => multiplier;

        public StrategyEstimate Estimate(ProblemSamples problem, int multiplier, ulong seed)
        {
            Interlocked.Increment(ref calls);
            return problem.Problem == FailsOn
                ? throw new FormatException("a reward is missing")
                : StrategyEstimate.Exact(problem.Problem / 100.0 + multiplier, ScoredEstimators.OneSample);
        }
    }
}
