using System.Numerics;
using Harness.Statistics;

namespace Harness.Tests.Statistics;

public sealed class MajorityAtKTests
{
    /// <summary>One letter a sample, a and b right where asked; '-' for no answer.</summary>
    static AnswerTally Tally(string letters, string right = "a") => AnswerTally.Of(
        [.. letters.Select(letter => letter == '-' ? null : letter.ToString())], [.. letters.Select(letter => right.Contains(letter))]);

    static AnswerTally Tally(IEnumerable<AnswerCount> answers, int samples) =>
        new() { Samples = samples, Answers = [.. answers], AnswerOfSample = new int[samples] };

    static double Vote(string letters, int[] subset, string right)
    {
        var counts = subset.Select(i => letters[i]).Where(letter => letter != '-').GroupBy(letter => letter)
            .Select(group => (group.Key, Count: group.Count())).ToArray();
        if (counts.Length == 0)
            return 0;
        int most = counts.Max(count => count.Count);
        return counts.Where(count => count.Count == most).Average(count => right.Contains(count.Key) ? 1.0 : 0);
    }

    [TestCase("a")]
    [TestCase("-")]
    [TestCase("---a")]
    [TestCase("ab")]
    [TestCase("aabbcc")]
    [TestCase("aaabbbccc")]
    [TestCase("aaabbbb--")]
    [TestCase("abcdefghij")]
    [TestCase("aabbcdefg--")]
    [TestCase("bbbbbbbbbbba")]
    [TestCase("aaaaabbbbcccd-")]
    [TestCase("bcdbcdbcd")]
    public void Is_the_share_of_all_subsets(string letters)
    {
        foreach (string right in new[] { "a", "ab", "abcdefghij" })
        {
            for (int k = 1; k <= letters.Length; k++)
            {
                double expected = Subsets.MeanOver(letters.Length, k, subset => Vote(letters, subset, right));
                Assert.That(MajorityAtK.Estimate(Tally(letters, right), k), Is.EqualTo(expected).Within(1e-13), $"{right} k={k}");
            }
        }
    }

    [TestCase("a")]
    [TestCase("---a")]
    [TestCase("aabbcc")]
    [TestCase("aaabbbb--")]
    [TestCase("aaaaabbbbcccd-")]
    public void Shares_are_the_votes_that_each_answer_wins(string letters)
    {
        string[] answers = [.. letters.Where(letter => letter != '-').Distinct().Select(letter => letter.ToString())];
        for (int k = 1; k <= letters.Length; k++)
        {
            double[] expected = [.. answers.Select(answer => Subsets.MeanOver(letters.Length, k, subset => Vote(letters, subset, answer)))];
            Assert.That(MajorityAtK.Shares(Tally(letters), [k])[0], Is.EqualTo(expected).Within(1e-13), $"k={k}");
        }
    }

    static readonly int[][] Frequencies =
    [
        [1], [7], [3, 3], [40, 39], [1, 1, 1, 1, 1, 1, 1, 1, 1], [30, 30, 25, 20, 20, 10, 7, 5, 5, 5, 1, 1, 1], [50, 30, 30, 30, 2],
        [.. Enumerable.Repeat(4, 24)], [.. Enumerable.Range(1, 15)],
    ];

    [TestCaseSource(nameof(Frequencies))]
    public void Shares_agree_with_a_count_by_integers(params int[] counts)
    {
        int samples = counts.Sum() + 9;
        AnswerTally tally = Tally(counts.Select(count => new AnswerCount(count, 0)), samples);
        int[] multipliers = [1, 2, 3, 8, samples / 3 + 1, samples / 2 + 1, samples - 1];
        multipliers = [.. multipliers.Where(k => k < samples)];

        double[][] shares = MajorityAtK.Shares(tally, multipliers);

        foreach ((int place, int k) in multipliers.Index())
            Assert.That(shares[place], Is.EqualTo(counts.Select((_, own) => Wins(counts, own, 9, k))).Within(1e-13), $"k={k}");
    }

    /// <summary>By integers alone: over the winner's votes, how many others have as many, and the samples drawn of these.</summary>
    static double Wins(int[] counts, int own, int free, int k)
    {
        double share = 0;
        for (int votes = 1; votes <= Math.Min(counts[own], k); votes++)
        {
            BigInteger[][] ways = [[.. Row(free).Take(k + 1)]];
            foreach (int count in counts.Where((_, answer) => answer != own))
            {
                BigInteger[] row = Row(count);
                BigInteger[][] before = ways;
                ways = [.. Enumerable.Range(0, Math.Min(before.Length + 1, k / votes)).Select(_ => new BigInteger[k + 1])];
                foreach ((int tied, BigInteger[] byDrawn) in before.Index())
                {
                    foreach ((int drawn, BigInteger subsets) in byDrawn.Index())
                    {
                        for (int more = 0; more <= Math.Min(Math.Min(votes, count), k - votes - drawn) && !subsets.IsZero; more++)
                        {
                            if (tied + (more == votes ? 1 : 0) is var all && all < ways.Length)
                                ways[all][drawn + more] += subsets * row[more];
                        }
                    }
                }
            }
            BigInteger ofOwn = Row(counts[own])[votes];
            foreach ((int tied, BigInteger[] byDrawn) in ways.Index())
                share += Ratio(ofOwn * byDrawn.ElementAtOrDefault(k - votes), Row(counts.Sum() + free)[k]) / (tied + 1);
        }
        return share;
    }

    [Test]
    public void Multipliers_that_are_counted_together_change_no_bit([Values(1, 7, 60)] int scale)
    {
        int[] counts = [.. new[] { 6, 3, 3, 2, 1, 1 }.Select(count => count * scale)];
        AnswerTally tally = Tally(counts.Select(count => new AnswerCount(count, 0)), counts.Sum() + 2);
        int[] multipliers = [900, 1, 2, 3, 4, 5, 6, 7, 11, 17, 18, 40, 80, 200, 500, tally.Samples - 1, tally.Samples];

        double[][] together = MajorityAtK.Shares(tally, multipliers);

        foreach ((int place, int k) in multipliers.Index())
            Assert.That(together[place], Is.EqualTo(MajorityAtK.Shares(tally, [k])[0]), $"k={k}");
    }

    [Test]
    public void Sample_order_never_matters()
    {
        double expected = MajorityAtK.Estimate(Tally("aaabbbbccd--"), 5);
        foreach (string shuffled in new[] { "--dccbbbbaaa", "abcdabcabb--", "b-a-cdabbacb" })
            Assert.That(MajorityAtK.Estimate(Tally(shuffled), 5), Is.EqualTo(expected), shuffled);
    }

    [Test]
    public void One_draw_is_the_share_of_right_samples_to_the_bit([Range(1, 70)] int samples)
    {
        for (int correct = 0; correct <= samples; correct++)
        {
            int wrong = (samples - correct) / 2;
            AnswerTally tally = Tally(new string('a', correct) + new string('b', wrong) + new string('-', samples - correct - wrong));
            Assert.That(MajorityAtK.Estimate(tally, 1), Is.EqualTo((double)correct / samples));
        }
    }

    [Test]
    public void More_draws_than_samples_are_undefined() => Assert.That(MajorityAtK.Estimate(Tally("aab"), 4), Is.NaN);

    [Test]
    public void Answers_that_differ_in_case_are_different() =>
        Assert.That(MajorityAtK.Estimate(AnswerTally.Of(["x", "X", "X"], [true, false, false]), 3), Is.Zero);

    [TestCase(100, 60, 40, 31)]
    [TestCase(1000, 520, 480, 501)]
    [TestCase(1000, 510, 200, 999)]
    [TestCase(3000, 1400, 1300, 1600)]
    [TestCase(5000, 2600, 2400, 2500)]
    public void Two_answers_agree_with_the_hypergeometric_distribution(int samples, int right, int wrong, int k)
    {
        AnswerTally tally = Tally([new(right, 1), new(wrong, 0)], samples);

        Assert.That(MajorityAtK.Estimate(tally, k), Is.EqualTo(TwoAnswers(samples, right, wrong, k)).Within(1e-10));
    }

    /// <summary>By integers alone: over the numbers of right and wrong votes; the rest has no answer.</summary>
    static double TwoAnswers(int samples, int right, int wrong, int k)
    {
        BigInteger[] ofRight = Row(right), ofWrong = Row(wrong), ofNone = Row(samples - right - wrong);
        BigInteger twice = 0;
        for (int r = 0; r <= Math.Min(right, k); r++)
        {
            for (int w = Math.Max(0, k - r - (samples - right - wrong)); w <= Math.Min(Math.Min(wrong, k - r), r); w++)
                twice += ofRight[r] * ofWrong[w] * ofNone[k - r - w] * (r == 0 ? 0 : r > w ? 2 : 1);
        }
        return Ratio(twice, Row(samples)[k]) / 2;
    }

    static double Ratio(BigInteger part, BigInteger all) => (double)(part * (BigInteger.One << 60) / all) / Math.ScaleB(1, 60);

    static BigInteger[] Row(int n)
    {
        BigInteger[] row = new BigInteger[n + 1];
        row[0] = 1;
        for (int j = 0; j < n; j++)
            row[j + 1] = row[j] * (n - j) / (j + 1);
        return row;
    }

    [Test]
    public void A_thousand_distinct_answers_share_the_vote_evenly()
    {
        AnswerTally tally = Tally(Enumerable.Range(0, 1000).Select(i => new AnswerCount(1, i == 0 ? 1 : 0)), 1000);

        Assert.That(MajorityAtK.Estimate(tally, 500), Is.EqualTo(0.001).Within(1e-12));
    }

    [Test]
    public void Many_answers_of_two_samples_stay_in_range()
    {
        AnswerTally tally = Tally(Enumerable.Range(0, 500).Select(i => new AnswerCount(2, 1)), 1000);

        Assert.That(MajorityAtK.Estimate(tally, 300), Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void A_vote_that_cannot_fail_never_exceeds_one()
    {
        for (int k = 1; k <= 64; k++)
            Assert.That(MajorityAtK.Estimate(Tally(new string('a', 60) + "bcde"), k), Is.InRange(0.9, 1), $"k={k}");
    }
}
