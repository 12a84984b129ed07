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
        BigInteger all = Row(samples)[k];
        return (double)(twice * (BigInteger.One << 60) / all) / Math.ScaleB(1, 61);

        static BigInteger[] Row(int n)
        {
            BigInteger[] row = new BigInteger[n + 1];
            row[0] = 1;
            for (int j = 0; j < n; j++)
                row[j + 1] = row[j] * (n - j) / (j + 1);
            return row;
        }
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
