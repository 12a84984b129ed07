using Harness.Statistics.Laws;

namespace Harness.Tests.Statistics.Laws;

[TestFixture]
sealed class LossOptimumTests
{
    [TestCase(1.69, 406.4, 410.7, 0.34, 0.28, 1e21), TestCase(0.3, 20, 900, 0.3, 0.5, 1e12)]
    public void No_other_size_of_the_budget_has_less_loss(double e, double a, double b, double alpha, double beta, double flops)
    {
        double[] parameters = [e, a, b, alpha, beta];
        LossOptimum best = LossOptimum.Of(parameters);
        double LossAt(double size) => e + a / Math.Pow(size, alpha) + b / Math.Pow(flops / 6 / size, beta);
        double size = best.Parameters(flops), least = LossAt(size);
        Assert.That(6 * size * best.Tokens(flops), Is.EqualTo(flops).Within(flops * 1e-12));
        foreach (double share in new[] { 0.5, 0.9, 0.999, 1.001, 1.1, 2 })
            Assert.That(LossAt(share * size), Is.GreaterThan(least), $"{share} times the size");
        Assert.That(best.Exponent, Is.EqualTo(beta / (alpha + beta)).Within(1e-15));
    }
}
