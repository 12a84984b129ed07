using Harness.Statistics;

namespace Harness.Tests.Statistics;

public sealed class PairedTests
{
    // Python: scipy.stats.binomtest(min(b, c), b + c).pvalue
    [TestCase(0, 0, 1)]
    [TestCase(1, 0, 1)]
    [TestCase(5, 5, 1)]
    [TestCase(0, 6, 0.03125)]
    [TestCase(10, 2, 0.03857421875)]
    [TestCase(2, 10, 0.03857421875)]
    public void McNemar_is_the_exact_binomial_test(int onlyFirst, int onlySecond, double expected) =>
        Assert.That(McNemar.PValue(onlyFirst, onlySecond), Is.EqualTo(expected).Within(1e-14));

    [Test]
    public void McNemar_of_very_many_pairs_stays_in_range() =>
        Assert.That(McNemar.PValue(40_000, 41_000), Is.EqualTo(0.000444).Within(2e-5));

    [Test]
    public void Permutation_of_few_pairs_is_the_share_of_all_swaps()
    {
        // Differences .5, .25, .25: |sum| is 1 for 2 of the 8 choices of signs.
        Assert.That(PairedPermutation.PValue([0.5, 0.25, 1, 0.3], [0, 0, 0.75, 0.3], seed: 1), Is.EqualTo(0.25));
        Assert.That(PairedPermutation.PValue([0.2, 0.4], [0.2, 0.4], seed: 1), Is.EqualTo(1));
        Assert.That(PairedPermutation.PValue([], [], seed: 1), Is.EqualTo(1));
    }

    [Test]
    public void Permutation_of_right_and_wrong_agrees_with_mcnemar()
    {
        double[] first = [.. Enumerable.Range(0, 60).Select(i => i < 30 ? 1.0 : 0)];
        double[] second = [.. Enumerable.Range(0, 60).Select(i => i is >= 20 and < 34 ? 1.0 : 0)];

        double p = PairedPermutation.PValue(first, second, seed: 4, permutations: 50_000);

        Assert.That(p, Is.EqualTo(McNemar.PValue(20, 4)).Within(0.001));
    }

    [Test]
    public void Permutation_that_is_drawn_never_claims_impossibility()
    {
        double[] first = [.. Enumerable.Repeat(1.0, 200)], second = new double[200];
        Assert.That(PairedPermutation.PValue(first, second, seed: 1, permutations: 999), Is.EqualTo(0.001));
    }

    [Test]
    public void Monte_carlo_errors_of_problems_add_as_independent() =>
        Assert.That(MonteCarloError.OfMean([0.03, 0.04]), Is.EqualTo(0.025).Within(1e-15));
}
