using Harness.Statistics;
using Harness.Statistics.Stopping;

namespace Harness.Tests.Statistics.Stopping;

public class StoppedVotesTests
{
    static readonly (string Name, IVoteStop Stop)[] Stops =
    [
        ("confidence 95", new ConfidenceStop(95)), ("confidence 60", new ConfidenceStop(60)), ("window 2", new AgreementStop(2)),
        ("window 3", new AgreementStop(3)), ("lead 1", new LeadStop(1)), ("lead 2", new LeadStop(2)), ("lead 3", new LeadStop(3)),
    ];

    static readonly (string Answers, string Correct)[] Pools =
    [
        ("aaabb", "11100"), ("aabbb-", "110000"), ("a", "1"), ("-", "0"), ("---", "000"), ("aaaaaa", "000000"), ("ab", "01"),
        ("aab-ba-", "1100010"), ("aabbcc", "110000"), ("abcdef", "100000"), ("aaabbc-", "0001100"), ("abab", "1010"), ("aaab", "1011"),
    ];

    static IEnumerable<TestCaseData> Cases => from stop in Stops
                                              from pool in Pools
                                              select new TestCaseData(stop.Stop, pool.Answers, pool.Correct)
                                                  .SetArgDisplayNames(stop.Name, pool.Answers, pool.Correct);

    [TestCaseSource(nameof(Cases))]
    public void it_is_the_mean_over_all_orders(IVoteStop stop, string answers, string correct)
    {
        AnswerTally tally = Tally(answers, correct);
        double[] lengths = [.. answers.Select((_, i) => (double)(10 + 3 * i * i % 17))];
        StoppedVotes votes = new(tally, lengths, stop, Enumerable.Range(1, answers.Length), seed: 7, problem: 3, orders: 20_000);
        for (int cap = 1; cap <= answers.Length; cap++)
        {
            Outcome mean = Enumerated(tally, lengths, stop, cap);
            bool exact = tally.Answers.Length <= 2;
            MonteCarloEstimate accuracy = votes.Accuracy(cap);
            Assert.That(
                accuracy.Accuracy, Is.EqualTo(mean.Accuracy).Within(exact ? 1e-12 : 5 * accuracy.StandardError + 1e-9),
                $"accuracy at {cap}");
            if (exact)
                Assert.That(accuracy.StandardError, Is.Zero);
            Assert.That(votes.Samples(cap), Is.EqualTo(mean.Samples).Within(exact ? 1e-12 : 0.06), $"samples at {cap}");
            Assert.That(votes.Shares(cap), Is.EqualTo(mean.Shares).Within(exact ? 1e-12 : 0.025), $"shares at {cap}");
            Assert.That(votes.Chances(cap), Is.EqualTo(mean.Chances).Within(exact ? 1e-12 : 0.025), $"chances at {cap}");
            double spread = exact && (stop.Window == 1 || cap == 1) ? 1e-12 : 0.02;
            Assert.That(votes.CriticalTokens(cap), Is.EqualTo(mean.Critical).Within(spread * mean.Critical), $"critical tokens at {cap}");
        }
        Assert.That(votes.Accuracy(answers.Length + 1).Accuracy, Is.NaN);
        Assert.That(votes.Samples(answers.Length + 1), Is.NaN);
    }

    /// <summary>Where no rule can stop it, the vote is majority@k, whose expectation is counted exactly.</summary>
    [TestCase("aaabbc-", "1110000")]
    [TestCase("aabbccdd--", "1100000000")]
    public void without_a_stop_it_is_majority_at_k(string answers, string correct)
    {
        AnswerTally tally = Tally(answers, correct);
        int[] caps = [.. Enumerable.Range(1, answers.Length)];
        StoppedVotes votes = new(tally, new double[answers.Length], new LeadStop(1000), caps, seed: 1, problem: 0, orders: 20_000);
        for (int k = 1; k <= answers.Length; k++)
        {
            MonteCarloEstimate estimate = votes.Accuracy(k);
            Assert.That(estimate.Accuracy, Is.EqualTo(MajorityAtK.Estimate(tally, k)).Within(5 * estimate.StandardError + 1e-9));
            Assert.That(votes.Samples(k), Is.EqualTo(k).Within(1e-9));
        }
    }

    /// <summary>What a cap is worth does not depend on which others are counted, in whatever order they are given.</summary>
    [Test]
    public void a_cap_changes_no_other([Values("1", "3", "6 2", "4 9 1")] string asked, [Values("aaabbccb-", "aabab-bba")] string answers)
    {
        int[] caps = [.. asked.Split(' ').Select(int.Parse)];
        AnswerTally tally = Tally(answers, "110000000");
        double[] lengths = [5, 9, 2, 7, 4, 8, 3, 6, 1];
        foreach ((string name, IVoteStop stop) in Stops)
        {
            StoppedVotes few = new(tally, lengths, stop, caps, seed: 1, problem: 0),
                all = new(tally, lengths, stop, Enumerable.Range(1, 9), seed: 1, problem: 0);
            foreach (int cap in caps)
            {
                Assert.That(few.Accuracy(cap).Accuracy, Is.EqualTo(all.Accuracy(cap).Accuracy).Within(1e-12), name);
                Assert.That(few.Accuracy(cap).StandardError, Is.EqualTo(all.Accuracy(cap).StandardError).Within(1e-9), name);
                Assert.That(few.Shares(cap), Is.EqualTo(all.Shares(cap)).Within(1e-12), name);
                Assert.That(few.Chances(cap), Is.EqualTo(all.Chances(cap)).Within(1e-12), name);
                Assert.That(few.CriticalTokens(cap), Is.EqualTo(all.CriticalTokens(cap)).Within(1e-9), name);
            }
        }
    }

    [Test]
    public void an_unknown_length_leaves_the_chain_unknown_and_nothing_else()
    {
        AnswerTally tally = Tally("aaabbc", "111000");
        StoppedVotes votes = new(tally, [1, 2, double.NaN, 4, 5, 6], new AgreementStop(2), Enumerable.Range(1, 6), seed: 1, problem: 0);
        StoppedVotes known = new(tally, new double[6], new AgreementStop(2), Enumerable.Range(1, 6), seed: 1, problem: 0);
        for (int cap = 1; cap <= 6; cap++)
        {
            Assert.That(votes.CriticalTokens(cap), Is.NaN);
            Assert.That(votes.Accuracy(cap), Is.EqualTo(known.Accuracy(cap)));
        }
    }

    /// <summary>The stated error is the spread that other seeds show.</summary>
    [Test]
    public void the_error_is_the_spread_over_seeds()
    {
        AnswerTally tally = Tally("aaabbbccd", "111000000");
        double[] lengths = new double[9];
        StoppedVotes[] votes =
            [.. Enumerable.Range(0, 200).Select(seed => new StoppedVotes(tally, lengths, new LeadStop(2), [7], (ulong)seed, 0))];
        double[] accuracies = [.. votes.Select(vote => vote.Accuracy(7).Accuracy)];
        double mean = accuracies.Average();
        double spread = Math.Sqrt(accuracies.Sum(accuracy => (accuracy - mean) * (accuracy - mean)) / (accuracies.Length - 1));
        Assert.That(votes[0].Accuracy(7).StandardError, Is.EqualTo(spread).Within(0.2 * spread));
    }

    /// <summary>Aggarwal et al.: with v2 = 0 four equal answers are the first that reach .95 (1 - 2^-5 = .969; three give .9375).</summary>
    [TestCase(3, 0, false)]
    [TestCase(4, 0, true)]
    [TestCase(5, 1, false)]
    [TestCase(6, 1, true)]
    public void confidence_of_the_leader(int leader, int second, bool stops) =>
        Assert.That(leader >= new ConfidenceStop(95).Least(second), Is.EqualTo(stops));

    /// <summary>Against the beta distribution by integration with Simpson's rule.</summary>
    [TestCase(51)]
    [TestCase(80)]
    [TestCase(95)]
    [TestCase(99)]
    public void confidence_is_of_the_beta_distribution(int percent)
    {
        ConfidenceStop stop = new(percent);
        for (int second = 0; second < 30; second++)
        {
            for (int leader = second; leader < 70; leader++)
            {
                double chance = AboveHalf(leader, second);
                if (Math.Abs(chance - percent / 100.0) > 1e-9)
                    Assert.That(leader >= stop.Least(second), Is.EqualTo(chance > percent / 100.0), $"{leader} to {second}");
            }
        }
    }

    static double AboveHalf(int first, int second)
    {
        const int Steps = 2000;
        double above = 0, all = 0;
        for (int i = 0; i <= Steps; i++)
        {
            double x = (double)i / Steps;
            double weight = i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2;
            double density = weight * Math.Pow(x, first) * Math.Pow(1 - x, second);
            all += density;
            above += i > Steps / 2 ? density : i == Steps / 2 ? density / 2 : 0;
        }
        return above / all;
    }

    static AnswerTally Tally(string answers, string correct) => AnswerTally.Of(
        [.. answers.Select(answer => answer == '-' ? null : answer.ToString())], [.. correct.Select(right => right == '1')]);

    sealed record Outcome(double Accuracy, double Samples, double Critical, double[] Shares, double[] Chances);

    /// <summary>Every permutation, each played as the rule says.</summary>
    static Outcome Enumerated(AnswerTally tally, double[] lengths, IVoteStop stop, int cap)
    {
        (double accuracy, double samples, double critical, int orders) = (0, 0, 0, 0);
        double[] shares = new double[tally.Answers.Length], chances = new double[tally.Samples];
        foreach (int[] order in Permutations([.. Enumerable.Range(0, tally.Samples)], 0))
        {
            orders++;
            int[] drawn = Drawn(order, tally, stop, cap);
            int[] votes = new int[tally.Answers.Length];
            foreach (int sample in drawn)
            {
                chances[sample]++;
                if (tally.AnswerOfSample[sample] >= 0)
                    votes[tally.AnswerOfSample[sample]]++;
            }
            samples += drawn.Length;
            critical += drawn.Chunk(stop.Window).Sum(window => window.Max(sample => lengths[sample]));
            int most = votes.DefaultIfEmpty().Max();
            int[] leaders = [.. Enumerable.Range(0, votes.Length).Where(answer => votes[answer] == most && most > 0)];
            foreach (int leader in leaders)
            {
                shares[leader] += 1.0 / leaders.Length;
                accuracy += tally.Answers[leader].Correctness / leaders.Length;
            }
        }
        return new(
            accuracy / orders, samples / orders, critical / orders,
            [.. shares.Select(share => share / orders)], ByAnswer([.. chances.Select(chance => chance / orders)], tally));
    }

    /// <summary>Samples of one answer have one chance by symmetry.</summary>
    static double[] ByAnswer(double[] chances, AnswerTally tally) => [.. tally.AnswerOfSample.Select(answer =>
        Enumerable.Range(0, chances.Length).Where(sample => tally.AnswerOfSample[sample] == answer).Average(sample => chances[sample]))];

    static int[] Drawn(int[] order, AnswerTally tally, IVoteStop stop, int cap)
    {
        for (int t = stop.Window; t <= cap; t += stop.Window)
        {
            int?[] answers =
                [.. order.Take(t).Select(sample => tally.AnswerOfSample[sample]).Select(answer => answer < 0 ? null : (int?)answer)];
            int[] counts = [.. answers.OfType<int>().GroupBy(answer => answer).Select(group => group.Count()).OrderDescending()];
            int?[] window = answers[^stop.Window..];
            bool agrees = window[0] is not null && window.Distinct().Count() == 1;
            if (stop.Window > 1 ? agrees : counts.FirstOrDefault() >= stop.Least(counts.ElementAtOrDefault(1)))
                return order[..t];
        }
        return order[..cap];
    }

    static IEnumerable<int[]> Permutations(int[] items, int from)
    {
        if (from == items.Length)
            yield return items;
        for (int i = from; i < items.Length; i++)
        {
            (items[from], items[i]) = (items[i], items[from]);
            foreach (int[] rest in Permutations(items, from + 1))
                yield return rest;
            (items[from], items[i]) = (items[i], items[from]);
        }
    }
}
