using Harness.Statistics;

namespace Harness.Tests.Statistics;

public sealed class RandomOrdersTests
{
    /// <summary>What a problem draws: the samples of its arrangement, by the places of an order.</summary>
    static string Drawn(ulong seed, int problem, int order, int samples = 3)
    {
        int[] arrangement = RandomOrders.Arrangement(seed, samples, problem);
        int[] places = RandomOrders.Of(seed, samples, 10).Read(order, new int[samples]).ToArray();
        return string.Join(' ', places.Select(place => arrangement[place]));
    }

    /// <summary>
    /// Each pair of orders of three samples is as frequent as any other, whether two problems read one order, one problem two, or two
    /// problems two: 36 cells, of which chi-square of 35 degrees exceeds 66.6 once in a thousand.
    /// </summary>
    [TestCase(0, 4, 1, 4)]
    [TestCase(0, 4, 0, 5)]
    [TestCase(0, 4, 1, 5)]
    public void Any_two_orders_are_independent(int problem, int order, int otherProblem, int otherOrder)
    {
        const int Seeds = 7200;
        int[] counts = [.. Enumerable.Range(0, Seeds)
            .GroupBy(seed => (Drawn((ulong)seed, problem, order), Drawn((ulong)seed, otherProblem, otherOrder)))
            .Select(cell => cell.Count())];
        double expected = Seeds / 36.0;
        Assert.That(counts, Has.Length.EqualTo(36));
        Assert.That(counts.Sum(count => (count - expected) * (count - expected) / expected), Is.LessThan(66.6));
    }

    [Test]
    public void The_same_seed_gives_the_same_orders_and_another_seed_others()
    {
        string first = Drawn(1, 2, 3, samples: 20), other = Drawn(2, 2, 3, samples: 20), again = Drawn(1, 2, 3, samples: 20);
        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    /// <summary>Where orders are too many to be kept, each is drawn when it is read, and is the same.</summary>
    [Test]
    public void Orders_that_are_not_kept_are_the_same()
    {
        const int Samples = 100;
        RandomOrders kept = RandomOrders.Of(1, Samples, 10), drawn = RandomOrders.Of(1, Samples, 1_000_000);
        for (int order = 0; order < 10; order++)
            Assert.That(drawn.Read(order, new int[Samples]).ToArray(), Is.EqualTo(kept.Read(order, new int[Samples]).ToArray()));
        Assert.That(kept.Read(3, new int[Samples]).ToArray().Order(), Is.EqualTo(Enumerable.Range(0, Samples)));
    }
}
