using Harness.Statistics;

namespace Harness.Tests.Statistics;

sealed class BetaDistributionTests
{
    [TestCase(0.3, 1), TestCase(0.025, 31), TestCase(0.975, 301), TestCase(0.5, 0.5)]
    public void Quantiles_of_one_sided_distributions_have_closed_forms(double p, double shape)
    {
        Assert.That(BetaDistribution.Quantile(p, shape, 1), Is.EqualTo(Math.Pow(p, 1 / shape)).Within(1e-13));
        Assert.That(BetaDistribution.Quantile(p, 1, shape), Is.EqualTo(1 - Math.Pow(1 - p, 1 / shape)).Within(1e-13));
    }

    /// <summary>P(Beta(a, b) at most x) is that of at least a successes among a + b - 1 trials.</summary>
    [TestCase(3, 8, 0.2), TestCase(50, 51, 0.45), TestCase(1, 1, 0.7), TestCase(80, 24, 0.8), TestCase(2, 300, 0.001)]
    public void Whole_shapes_are_binomial_sums(int a, int b, double x)
    {
        double term = Math.Pow(1 - x, a + b - 1), below = 0;
        for (int successes = 0; successes < a; successes++)
        {
            below += term;
            term *= (double)(a + b - 1 - successes) / (successes + 1) * x / (1 - x);
        }
        Assert.That(BetaDistribution.AtMost(x, a, b), Is.EqualTo(1 - below).Within(1e-11));
    }

    [Test]
    public void Log_gamma_is_that_of_factorials_and_halves()
    {
        double log = 0;
        for (int n = 1; n <= 400; n++)
        {
            log += Math.Log(n);
            Assert.That(LogFactorial.Of(n), Is.EqualTo(log).Within(1e-12).Percent.Or.EqualTo(log).Within(1e-14), $"{n}!");
        }
        Assert.That(LogFactorial.Gamma(0.5), Is.EqualTo(Math.Log(Math.PI) / 2).Within(1e-14));
        Assert.That(LogFactorial.Gamma(1e-3), Is.EqualTo(6.907178885383853).Within(1e-12));
    }

    [Test]
    public void All_right_is_not_certain_and_a_half_is_symmetrical()
    {
        Interval all = BetaDistribution.Posterior([.. Enumerable.Repeat(1.0, 30)]);
        Assert.That((all.Low, all.High), Is.EqualTo((Math.Pow(0.025, 1 / 31.0), Math.Pow(0.975, 1 / 31.0))).Within(1e-13));
        Interval half = BetaDistribution.Posterior([0, 1, 0, 1]);
        Assert.That(half.Low, Is.EqualTo(1 - half.High).Within(1e-13));
        Assert.That(BetaDistribution.Posterior([0.5, double.NaN]).Low, Is.NaN);
    }

    /// <summary>Of right and wrong answers it holds the truth as often as it says, on the average over rates.</summary>
    [TestCase(10), TestCase(30)]
    public void It_holds_the_truth_as_often_as_it_says(int problems)
    {
        const int studies = 3000;
        Random random = new(11);
        int held = 0;
        for (int study = 0; study < studies; study++)
        {
            double rate = random.NextDouble();
            Interval interval = BetaDistribution.Posterior(
                [.. Enumerable.Range(0, problems).Select(_ => random.NextDouble() < rate ? 1.0 : 0)]);
            held += interval.Low <= rate && rate <= interval.High ? 1 : 0;
        }
        Assert.That(held / (double)studies, Is.EqualTo(0.95).Within(3 * Math.Sqrt(0.95 * 0.05 / studies)));
    }
}
