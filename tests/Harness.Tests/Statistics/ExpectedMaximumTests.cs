using Harness.Statistics;

namespace Harness.Tests.Statistics;

public sealed class ExpectedMaximumTests
{
    [Test]
    public void It_is_the_mean_over_all_subsets()
    {
        Random random = new(3);
        for (int samples = 1; samples <= 9; samples++)
        {
            // Few distinct values, so that some are equal, and in no order.
            double[] values = [.. Enumerable.Range(0, samples).Select(_ => random.Next(-3, 4) / 2.0)];
            for (int k = 1; k <= samples; k++)
            {
                double expected = Subsets.MeanOver(samples, k, chosen => chosen.Max(place => values[place]));
                Assert.That(new ExpectedMaximum(values).Of(k), Is.EqualTo(expected).Within(1e-12), $"{k} of {string.Join(' ', values)}");
            }
        }
    }

    [Test]
    public void The_order_of_the_values_changes_no_bit()
    {
        double[] values = [0.1, 0.7, 0.3, 0.9, 0.2], turned = [.. values.Reverse()];
        Assert.That(new ExpectedMaximum(turned).Of(3), Is.EqualTo(new ExpectedMaximum(values).Of(3)));
        Assert.That(values, Is.EqualTo(new[] { 0.1, 0.7, 0.3, 0.9, 0.2 }), "the values that are given stay in their order");
    }

    [Test]
    public void More_than_there_are_is_undefined_and_none_is_refused()
    {
        Assert.That(new ExpectedMaximum([1, 2]).Of(3), Is.NaN);
        Assert.That(new ExpectedMaximum([]).Of(1), Is.NaN);
        Assert.That(() => new ExpectedMaximum([1, 2]).Of(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
