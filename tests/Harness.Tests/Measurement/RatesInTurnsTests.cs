using Harness.Measurement;
using Harness.Statistics;

namespace Harness.Tests.Measurement;

sealed class RatesInTurnsTests
{
    [Test]
    public void Runs_alternate_so_that_neither_is_always_first()
    {
        List<char> order = [];
        RatesInTurns.Measure(Run('A'), Run('B'), new TurnsRule { FewestPairs = 4, MostPairs = 4 });
        Assert.That(string.Concat(order), Is.EqualTo("ABBAABBA"));

        Func<double> Run(char name) => () =>
        {
            order.Add(name);
            return 1;
        };
    }

    [Test]
    public void The_first_pairs_say_how_many_are_made()
    {
        int runs = 0;
        RatesInTurns steady = RatesInTurns.Measure(() => 100, () => 50, new TurnsRule());
        Assert.That((steady.Before.Count, steady.Ratio, steady.IsChanged), Is.EqualTo((10, 0.5, true)));
        RatesInTurns uneven = RatesInTurns.Measure(() => 100, () => runs++ % 2 == 0 ? 50 : 60, new TurnsRule());
        Assert.That(uneven.Before, Has.Count.EqualTo(40));
    }

    /// <summary>A machine that slows down by a half over the measurement slows down both.</summary>
    [Test]
    public void A_drift_is_no_difference()
    {
        double speed = 100;
        double Run() => speed *= 0.99;
        Assert.That(RatesInTurns.Measure(Run, Run, new TurnsRule()).IsChanged, Is.False);
    }

    /// <summary>Runs of the same speed that vary by so much, and now and then are held up by another program.</summary>
    [TestCase(0.009), TestCase(0.014), TestCase(0.03), TestCase(0.08)]
    public void A_program_against_itself_is_called_changed_in_at_most_one_of_twenty(double noise) =>
        Assert.That(CalledChanged(1, noise, studies: 2000), Is.AtMost(0.05));

    /// <summary>Pairs of which each is a little faster or a little slower, as of a machine with two clocks.</summary>
    [Test]
    public void Two_clocks_are_no_difference()
    {
        Random random = new(2);
        int changed = 0;
        const int studies = 2000;
        for (int study = 0; study < studies; study++)
            changed += RatesInTurns.Measure(() => 1, () => random.Next(2) == 0 ? 0.98 : 1.02, new TurnsRule()).IsChanged ? 1 : 0;
        Assert.That(changed / (double)studies, Is.AtMost(0.05 + 2 * Math.Sqrt(0.05 * 0.95 / studies)));
    }

    [TestCase(0.03), TestCase(0.08)]
    public void A_tenth_less_is_found_in_at_least_nine_of_ten(double noise) =>
        Assert.That(CalledChanged(0.9, noise, studies: 400), Is.AtLeast(0.9));

    static double CalledChanged(double factor, double noise, int studies)
    {
        Random random = new(1);
        int changed = 0;
        for (int study = 0; study < studies; study++)
            changed += RatesInTurns.Measure(() => Rate(1), () => Rate(factor), new TurnsRule()).IsChanged ? 1 : 0;
        return changed / (double)studies;

        double Rate(double speed)
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            return 1000 * speed * Math.Exp(noise * normal) * (random.Next(20) == 0 ? 0.5 : 1);
        }
    }

    /// <summary>The chance of both ends together, by counting tosses.</summary>
    [TestCase(6, 0, 5), TestCase(10, 1, 8), TestCase(20, 5, 14), TestCase(3, 0, 2)]
    public void A_median_lies_between_order_statistics(int count, int low, int high)
    {
        Interval interval = MedianInterval.Of([.. Enumerable.Range(0, count).Select(value => (double)value)]);
        Assert.That((interval.Low, interval.High), Is.EqualTo(((double)low, (double)high)));
    }
}
