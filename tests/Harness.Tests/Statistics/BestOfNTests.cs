using Harness.Statistics;

namespace Harness.Tests.Statistics;

public sealed class BestOfNTests
{
    static double Best(double[] rewards, bool[] correct, int[] subset)
    {
        double best = subset.Max(i => rewards[i]);
        return subset.Where(i => rewards[i] == best).Average(i => correct[i] ? 1.0 : 0);
    }

    [TestCase(new[] { 1.0 }, "1")]
    [TestCase(new[] { 3.0, 1, 2, 5, 4 }, "01101")]
    [TestCase(new[] { 1.0, 1, 1, 1 }, "0110")]
    [TestCase(new[] { 2.0, 1, 2, 1, 2, 3, 0 }, "1010010")]
    [TestCase(new[] { -0.0, 0.0, -1, double.NegativeInfinity, 0.5 }, "10110")]
    [TestCase(new[] { 5.0, 5, 4, 4, 4, 3, 3, 2, 1, 1 }, "0101101001")]
    public void Is_the_share_of_all_subsets_with_ties_averaged(double[] rewards, string right)
    {
        bool[] correct = [.. right.Select(letter => letter == '1')];
        for (int k = 1; k <= rewards.Length; k++)
        {
            double expected = Subsets.MeanOver(rewards.Length, k, subset => Best(rewards, correct, subset));
            Assert.That(new BestOfN(rewards, k).Estimate(correct), Is.EqualTo(expected).Within(1e-14), $"k={k}");
        }
    }

    [Test]
    public void More_draws_than_samples_are_undefined() => Assert.That(new BestOfN([1.0], 2).Estimate([true]), Is.NaN);

    [Test]
    public void A_reward_that_is_no_number_is_refused() =>
        Assert.That(() => new BestOfN([1.0, double.NaN], 2).Estimate([true, false]), Throws.Exception);

    [Test]
    public void A_thousand_samples_keep_their_digits()
    {
        double[] rewards = [.. Enumerable.Range(0, 1000).Select(i => (double)-i)];
        bool[] correct = [.. Enumerable.Range(0, 1000).Select(i => i > 0)];

        Assert.That(new BestOfN(rewards, 500).Estimate(correct), Is.EqualTo(0.5).Within(1e-12));
    }
}
