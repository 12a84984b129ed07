using Harness.Analysis;
using Harness.Engines;
using Harness.Engines.Simulated;
using Harness.Registry;
using Harness.Samples;
using Harness.Statistics;
using Harness.Statistics.Laws;
using Harness.Strategies;
using Harness.Strategies.Pooled;

namespace Harness.Tests.Engines.Simulated;

/// <summary>What estimators, intervals, laws and stopping rules say of models of which the truth is known.</summary>
sealed class KnownTruthTests
{
    const string Plain = "simulated:alpha=0.8,beta=1.6,zero=0.1,wrong=4,common=0.4,quality=2";
    const string Silent = "simulated:alpha=2,beta=2,wrong=3,silent=0.3,quality=5";
    const string Correlated = "simulated:alpha=1.5,beta=1,wrong=5,common=0.5,correlation=0.3";

    /// <summary>The mean over so many problems that its error is small, against the truth.</summary>
    [Test]
    public void Every_estimator_has_the_truth_as_its_mean([Values(Plain, Silent, Correlated)] string model, [Values(1, 3, 8)] int k)
    {
        const int problems = 6000, samples = 12;
        PoolEstimates pool = new(SimulatedPool.Of(SimulatedSettings.Parse(model), problems, samples, 1), 1);
        SimulatedEngine engine = new();
        int known = 0;
        foreach (PooledStrategyDefinition strategy in StrategyRegistry.Pooled.Where(strategy => !strategy.ReadsAllSamples))
        {
            StrategySettings settings = StrategySettings.Default(strategy, VerifierRegistry.Default);
            KnownQuestion question = new(strategy.Name, k, IsGreedy: false, settings.Options, settings.Verifier?.Name);
            if (engine.Accuracy(model, question) is not { } truth)
                continue;
            known++;
            double[] values = pool.Accuracies(strategy.Create(settings), k);
            double mean = values.Average(), error = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)) / problems);
            Assert.That(mean, Is.EqualTo(truth).Within(4 * error + 1e-9), $"{strategy.Name}@{k}");
        }
        Assert.That(known, Is.EqualTo(5), "single, majority-vote, best-of-n, coverage, g-pass");
    }

    /// <summary>k and n swapped, or the first k of n, would be far away.</summary>
    [Test]
    public void A_wrong_multiplier_is_seen()
    {
        SimulatedCurves curves = new(SimulatedSettings.Parse(Plain));
        Assert.That(curves.Coverage(8) - curves.Coverage(7), Is.GreaterThan(0.01));
        Assert.That(curves.Majority(8) - curves.Majority(4), Is.GreaterThan(0.03));
    }

    [TestCase(Plain, 40, "coverage"), TestCase(Plain, 100, "majority-vote"), TestCase(Correlated, 60, "single")]
    public void Intervals_hold_the_truth(string model, int problems, string strategy)
    {
        const int studies = 400, k = 4;
        SimulatedSettings settings = SimulatedSettings.Parse(model);
        double truth = new SimulatedEngine().Accuracy(
            model, new KnownQuestion(strategy, k, false, new Dictionary<string, int>(), null))!.Value;
        int held = 0;
        for (int study = 0; study < studies; study++)
        {
            PoolEstimates pool = new(SimulatedPool.Of(settings, problems, 8, (ulong)study + 10), (ulong)study);
            Interval interval = AnchoredBootstrap.OfMean(
                pool.Accuracies(StrategyRegistry.CreateDefault(strategy), k), (ulong)study, resamples: 1000).Interval();
            held += interval.Low <= truth && truth <= interval.High ? 1 : 0;
        }
        Assert.That(held / (double)studies, Is.AtLeast(0.93 - 2 * Math.Sqrt(0.95 * 0.05 / studies)));
    }

    /// <summary>The limit's mean over problems is that of the truth, as closely as so many samples tell.</summary>
    [Test]
    public void The_limit_of_a_vote_is_nearer_to_the_truth_than_the_vote_is()
    {
        const string model = "simulated:alpha=2,beta=2,wrong=1";
        PoolEstimates pool = new(SimulatedPool.Of(SimulatedSettings.Parse(model), 8000, 16, 3), 1);
        double limit = pool.Accuracies(new MajorityLimitMeasure(), 16).Average();
        Assert.That(limit, Is.EqualTo(0.5).Within(0.02));
        PoolEstimates easy = new(SimulatedPool.Of(SimulatedSettings.Parse("simulated:alpha=6,beta=4,wrong=1"), 8000, 8, 3), 1);
        double truth = new SimulatedCurves(SimulatedSettings.Parse("simulated:alpha=6,beta=4,wrong=1")).MajorityLimit;
        Assert.That(Math.Abs(easy.Accuracies(new MajorityLimitMeasure(), 8).Average() - truth),
            Is.LessThan(Math.Abs(easy.Accuracies(new SingleSample(), 1).Average() - truth)));
    }

    /// <summary>
    /// Of two answers, a lead of three is reached first by the right one with a chance of p³ / (p³ + q³) (the ruin of a gambler). Under
    /// Beta(1, 1) its mean is one half; of rates from 1/2 up, from a fair game's limit to 1.
    /// </summary>
    [TestCase("simulated:alpha=6,beta=2,wrong=1"), TestCase("simulated:alpha=1,beta=1,wrong=1")]
    public void A_vote_that_stops_at_a_lead_is_a_gamblers_ruin(string model)
    {
        const int problems = 3000, samples = 63;
        SimulatedSettings settings = SimulatedSettings.Parse(model);
        double truth = 0;
        const int steps = 20_000;
        for (int i = 0; i < steps; i++)
        {
            double p = BetaDistribution.Quantile((i + 0.5) / steps, settings.Alpha, settings.Beta), q = 1 - p;
            truth += p * p * p / (p * p * p + q * q * q) / steps;
        }
        PoolEstimates pool = new(SimulatedPool.Of(settings, problems, samples, 5), 1);
        double[] values = pool.Accuracies(StrategyRegistry.CreateDefault("vote-lead"), samples);
        double mean = values.Average(), error = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)) / problems);
        Assert.That(mean, Is.EqualTo(truth).Within(4 * error + 0.002));
    }

    [Test]
    public void The_law_of_rates_is_found_again()
    {
        SimulatedSettings settings = SimulatedSettings.Parse(Plain);
        ProblemSamples[] problems = SimulatedPool.Of(settings, 4000, 64, 7);
        LawData data = new(
            [[.. problems.Select(problem => (double)problem.Samples.Count)]],
            [.. problems.Select(problem => (double)problem.CorrectCount)]);
        ILaw law = LawRegistry.All.First(law => law.Name == "zero-inflated-beta-binomial");
        Assert.That(law.Parameters, Is.EqualTo(new[] { "alpha", "beta", "pi" }));
        LawFit fit = law.Fit(data);
        Assert.That(fit.Parameters[0], Is.EqualTo(settings.Alpha).Within(8).Percent);
        Assert.That(fit.Parameters[1], Is.EqualTo(settings.Beta).Within(8).Percent);
        Assert.That(fit.Parameters[2], Is.EqualTo(settings.Zero).Within(0.03));
    }

    /// <summary>Two strategies of equal worth are called different in at most one of twenty studies.</summary>
    [Test]
    public void Equal_strategies_are_not_called_different()
    {
        const int studies = 300, problems = 100;
        SimulatedSettings settings = SimulatedSettings.Parse(Plain);
        int called = 0;
        for (int study = 0; study < studies; study++)
        {
            ProblemSamples[] all = SimulatedPool.Of(settings, problems, 8, (ulong)study + 1000);
            double[] even = new PoolEstimates(all, 1).Half(0).Accuracies(new MajorityVote(), 4);
            double[] odd = new PoolEstimates(all, 1).Half(1).Accuracies(new MajorityVote(), 4);
            called += PairedDifference.Of(even, odd, new(new int[problems], (ulong)study), resamples: 200).PValue <= 0.05 ? 1 : 0;
        }
        Assert.That(called / (double)studies, Is.AtMost(0.05 + 2 * Math.Sqrt(0.05 * 0.95 / studies)));
    }
}
