using Harness.Statistics;
using Harness.Statistics.Stopping;

namespace Harness.Tests.Statistics.Stopping;

/// <summary>Against the same orders, each played sample by sample and looked at anew at each cap.</summary>
public class OrderCountTests
{
    const int Orders = 300;
    const ulong Seed = 5;

    static readonly (string Name, IVoteStop Stop)[] Stops =
    [
        ("window 2", new AgreementStop(2)), ("window 5", new AgreementStop(5)), ("window 7", new AgreementStop(7)),
        ("window 100", new AgreementStop(100)), ("lead 2", new LeadStop(2)), ("lead 100", new LeadStop(100)),
        ("confidence 90", new ConfidenceStop(90)),
    ];

    /// <summary>'-' is no answer; of 0, 1, 3, 8, 9 and 40 different ones.</summary>
    static readonly string[] Pools =
    [
        "-", "------------", "aaaaaaaaa", "aaaa--a-aaaa", "aaaaaaabbbbcc", "aaabbbbbbb-ccc-ab-baa", "abcdefghabcdefghabababaaaa",
        "aaaaabbbbbcdefghi---aaaaaaab", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcd",
    ];

    static IEnumerable<TestCaseData> Cases => from stop in Stops
                                              from pool in Pools
                                              from caps in new[] { "1 2 4 8 16", "3", "5 6 7 12", "" }
                                              select new TestCaseData(stop.Stop, pool, caps).SetArgDisplayNames(stop.Name, pool, caps);

    [TestCaseSource(nameof(Cases))]
    public void It_counts_what_each_order_comes_to(IVoteStop stop, string pool, string someCaps)
    {
        AnswerTally tally = Tally(pool);
        double[] lengths = [.. pool.Select((_, sample) => 10.0 + 7 * sample % 31)];
        int[] caps = [.. someCaps.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).Append(pool.Length)
            .Where(cap => cap <= pool.Length).Distinct().Order()];

        OrderMeans means = Count(tally, lengths, stop, caps);

        int answers = tally.Answers.Length;
        double[] shares = new double[caps.Length * answers], drawn = new double[caps.Length * (answers + 1)];
        double[] critical = new double[caps.Length], values = new double[caps.Length], squares = new double[caps.Length];
        foreach ((int place, int cap) in caps.Index())
        {
            foreach (int[] order in OrdersOf(tally))
            {
                int[] seen = Drawn(order, tally, stop, cap);
                foreach (int sample in seen)
                    drawn[place * (answers + 1) + (tally.AnswerOfSample[sample] is >= 0 and var answer ? answer : answers)]++;
                critical[place] += seen.Chunk(stop.Window).Sum(window => window.Max(sample => lengths[sample]));
                int[] leaders = Leaders(seen, tally);
                foreach (int leader in leaders)
                    shares[place * answers + leader] += 1.0 / leaders.Length;
                double right = leaders.Select(leader => tally.Answers[leader].Correctness).DefaultIfEmpty().Average();
                values[place] += right;
                squares[place] += right * right;
            }
        }
        Assert.That(means.Drawn, Is.EqualTo(drawn.Select(sum => sum / Orders)), "drawn");
        Assert.That(means.Shares, Is.EqualTo(shares.Select(sum => sum / Orders)).Within(1e-13), "shares");
        double[] errors =
            [.. values.Zip(squares, (value, square) => MonteCarloEstimate.Of(value / Orders, square / Orders, Orders).StandardError)];
        Assert.That(means.Errors, Is.EqualTo(errors).Within(1e-8), "errors");
        if (stop.Window > 1)
            Assert.That(means.Critical, Is.EqualTo(critical.Select(sum => sum / Orders)), "critical");
    }

    [Test]
    public void An_unknown_length_leaves_all_chains_unknown()
    {
        AnswerTally tally = Tally("aabbcc");

        OrderMeans means = Count(tally, [1, 2, double.NaN, 4, 5, 6], new AgreementStop(2), [1, 3, 6]);

        Assert.That(means.Critical, Has.All.NaN);
        Assert.That(means.Drawn, Has.None.NaN);
    }

    static AnswerTally Tally(string pool) => AnswerTally.Of(
        [.. pool.Select(answer => answer == '-' ? null : answer.ToString())], [.. pool.Select(answer => answer is 'a' or 'c')]);

    static OrderMeans Count(AnswerTally tally, double[] lengths, IVoteStop stop, int[] caps) =>
        new OrderCount(tally, lengths, stop, caps, RandomOrders.Arrangement(Seed, tally.Samples, 3))
            .Means(RandomOrders.Of(Seed, tally.Samples, Orders), Orders);

    static IEnumerable<int[]> OrdersOf(AnswerTally tally)
    {
        int[] arrangement = RandomOrders.Arrangement(Seed, tally.Samples, 3);
        RandomOrders orders = RandomOrders.Of(Seed, tally.Samples, Orders);
        for (int order = 0; order < Orders; order++)
            yield return [.. orders.Read(order, new int[tally.Samples]).ToArray().Select(place => arrangement[place])];
    }

    static int[] Drawn(int[] order, AnswerTally tally, IVoteStop stop, int cap)
    {
        for (int t = stop.Window; t <= cap; t += stop.Window)
        {
            int[] window = [.. order[(t - stop.Window)..t].Select(sample => tally.AnswerOfSample[sample]).Distinct()];
            int[] counts = [.. Votes(order[..t], tally).OrderDescending()];
            if (stop.Window > 1 ? window is [>= 0] : counts.FirstOrDefault() >= stop.Least(counts.ElementAtOrDefault(1)))
                return order[..t];
        }
        return order[..cap];
    }

    static int[] Leaders(int[] drawn, AnswerTally tally)
    {
        int[] votes = Votes(drawn, tally);
        int most = votes.DefaultIfEmpty().Max();
        return [.. Enumerable.Range(0, votes.Length).Where(answer => most > 0 && votes[answer] == most)];
    }

    static int[] Votes(int[] drawn, AnswerTally tally) =>
        [.. Enumerable.Range(0, tally.Answers.Length).Select(answer => drawn.Count(sample => tally.AnswerOfSample[sample] == answer))];
}
