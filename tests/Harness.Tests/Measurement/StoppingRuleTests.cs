using Harness.Measurement;

namespace Harness.Tests.Measurement;

public sealed class StoppingRuleTests
{
    static readonly StoppingRule Rule = new() { FewestRuns = 3, MostRuns = 6, Share = TimeSpan.FromSeconds(10), Spread = 0.05 };

    [TestCase(2, 100, false, TestName = "The fewest runs are made even after the share of time")]
    [TestCase(3, 10, true, TestName = "The share of time ends it")]
    [TestCase(3, 9.9, false, TestName = "Wide values go on within the share of time")]
    [TestCase(6, 0, true, TestName = "The most runs end it")]
    public void Wide_values_end_by_time_or_number(int runs, double elapsed, bool enough) =>
        Assert.That(Rule.IsEnough([Wide(runs)], runs, TimeSpan.FromSeconds(elapsed)), Is.EqualTo(enough));

    [Test]
    public void Close_values_end_it_when_all_quantities_are_close()
    {
        double[] close = [1, 1.02, 0.98];
        Assert.That(Rule.IsEnough([close], 3, TimeSpan.Zero), Is.True);
        Assert.That(Rule.IsEnough([close, Wide(3)], 3, TimeSpan.Zero), Is.False);
        Assert.That(Rule.IsEnough([close[..2]], 2, TimeSpan.Zero), Is.False, "fewer than the fewest");
        Assert.That((Rule with { Spread = 0 }).IsEnough([[1, 1, 1]], 3, TimeSpan.Zero), Is.False, "0 asks for time or number alone");
    }

    [Test]
    public void A_fixed_number_of_runs_is_that_number()
    {
        StoppingRule five = StoppingRule.Exactly(5);
        Assert.That(five.IsEnough([[1, 1, 1, 1]], 4, TimeSpan.FromDays(1)), Is.False);
        Assert.That(five.IsEnough([Wide(5)], 5, TimeSpan.Zero), Is.True);
    }

    /// <summary>Values left out at each end: the most of which a binomial of one half has at most 2.5 % in each tail.</summary>
    [TestCase(5, 0), TestCase(6, 0), TestCase(8, 0), TestCase(9, 1), TestCase(11, 1), TestCase(12, 2), TestCase(15, 3), TestCase(20, 5)]
    public void The_spread_is_half_the_interval_of_the_median_over_the_median(int count, int dropped)
    {
        double[] values = [.. Enumerable.Range(100, count).Reverse().Select(value => (double)value)];
        double expected = (count - 1 - 2 * dropped) / 2.0 / values.Average();
        Assert.That(StoppingRule.SpreadOfMedian(values), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void One_value_or_a_median_of_zero_tells_nothing()
    {
        Assert.That(StoppingRule.SpreadOfMedian([1]), Is.EqualTo(double.PositiveInfinity));
        Assert.That(StoppingRule.SpreadOfMedian([0, 0, 0]), Is.EqualTo(double.PositiveInfinity));
        Assert.That(StoppingRule.SpreadOfMedian([-1, -1.1, -0.9]), Is.EqualTo(0.1).Within(1e-12));
    }

    static double[] Wide(int count) => [.. Enumerable.Range(1, count).Select(value => (double)value)];
}
