using Harness.Statistics;

namespace Harness.Tests.Statistics;

public sealed class IntervalTests
{
    // R: binom.test(x, n)$conf.int
    [TestCase(0, 10, 0, 0.3084971078187608)]
    [TestCase(10, 10, 0.6915028921812392, 1)]
    [TestCase(0, 1, 0, 0.975)]
    [TestCase(1, 1, 0.025, 1)]
    [TestCase(3, 10, 0.06673951117773447, 0.6524528500599973)]
    [TestCase(50, 100, 0.3983211293443566, 0.6016788706556434)]
    [TestCase(1, 1000, 2.531780798227899e-05, 0.005558924279826673)]
    public void Clopper_pearson_agrees_with_published_values(int successes, int trials, double low, double high)
    {
        Interval interval = ClopperPearson.Of(successes, trials);
        Assert.That(interval.Low, Is.EqualTo(low).Within(1e-9));
        Assert.That(interval.High, Is.EqualTo(high).Within(1e-9));
    }

    [Test]
    public void Clopper_pearson_of_none_and_all_has_its_closed_form([Values(1, 7, 300, 10_000)] int trials)
    {
        double bound = Math.Pow(0.025, 1.0 / trials);
        Assert.That(ClopperPearson.Of(trials, trials).Low, Is.EqualTo(bound).Within(1e-12));
        Assert.That(ClopperPearson.Of(0, trials).High, Is.EqualTo(1 - bound).Within(1e-12));
    }

    [Test]
    public void Without_trials_nothing_is_known() => Assert.That(ClopperPearson.Of(0, 0), Is.EqualTo(Interval.Undefined));

    [Test]
    public void Bootstrap_agrees_with_the_normal_approximation_where_that_holds()
    {
        double[] values = [.. Enumerable.Range(0, 1000).Select(i => i % 10 < 3 ? 1.0 : 0)];

        Interval interval = ClusteredBootstrap.OfMean(values, seed: 1, resamples: 10_000);

        double half = 1.96 * Math.Sqrt(0.3 * 0.7 / 1000);
        Assert.That(interval.Low, Is.EqualTo(0.3 - half).Within(0.0015));
        Assert.That(interval.High, Is.EqualTo(0.3 + half).Within(0.0015));
    }

    [Test]
    public void Bootstrap_is_a_function_of_its_seed()
    {
        double[] values = [.. Enumerable.Range(0, 50).Select(i => i / 49.0)];
        Interval first = ClusteredBootstrap.OfMean(values, 5);
        Assert.That(ClusteredBootstrap.OfMean(values, 5), Is.EqualTo(first));
        Assert.That(ClusteredBootstrap.OfMean(values, 6), Is.Not.EqualTo(first));
    }

    [Test]
    public void Bootstrap_bits_are_those_of_every_machine()
    {
        double[] values = [.. Enumerable.Range(0, 100).Select(i => i * i % 97 / 96.0)];

        Interval interval = ClusteredBootstrap.OfMean(values, seed: 1);

        Assert.That((interval.Low, interval.High), Is.EqualTo((0.42197656249999999, 0.5455312499999998)));
    }

    [Test]
    public void Vectors_together_have_the_intervals_that_they_have_alone()
    {
        double[] a = [.. Enumerable.Range(0, 30).Select(i => i / 29.0)], b = [.. a.Select(value => value * value)];
        Interval[] together = ClusteredBootstrap.OfMeans([a, b], 9);
        Assert.That(together, Is.EqualTo(new[] { ClusteredBootstrap.OfMean(a, 9), ClusteredBootstrap.OfMean(b, 9) }));
    }

    [Test]
    public void A_value_that_is_undefined_makes_the_interval_so() =>
        Assert.That(ClusteredBootstrap.OfMean([1, double.NaN, 0], 1), Is.EqualTo(Interval.Undefined));

    [Test]
    public void All_or_none_right_have_the_exact_interval_and_others_the_bootstrap()
    {
        double[] all = [1, 1, 1 - 1e-15, 1], none = [0, 0, 0, 0], mixed = [0, 1, 0.5, 1];

        Interval[] intervals = AccuracyInterval.Of([all, none, mixed], seed: 1);

        Assert.That(intervals, Is.EqualTo(new[] { ClopperPearson.Of(4, 4), ClopperPearson.Of(0, 4), ClusteredBootstrap.OfMean(mixed, 1) }));
    }
}
