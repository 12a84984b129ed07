using Harness.Statistics;

namespace Harness.Tests.Statistics;

sealed class MajorityLimitTests
{
    static AnswerTally Tally(params int[] counts)
    {
        string[] answers = [.. counts.SelectMany((count, place) => Enumerable.Repeat($"answer {place}", count))];
        return AnswerTally.Of(answers, new bool[answers.Length]);
    }

    /// <summary>Of one answer and one unseen, Beta(1 + c, 1) lies above one half.</summary>
    [TestCase(0), TestCase(1), TestCase(2), TestCase(5), TestCase(40), TestCase(64), TestCase(256), TestCase(5000)]
    public void One_answer_against_an_unseen_one_has_a_closed_form(int count)
    {
        double[] shares = MajorityLimit.Shares(count == 0 ? Tally() : Tally(count));
        Assert.That(shares[^1], Is.EqualTo(count == 0 ? 1 : Math.Pow(0.5, 1 + count)).Within(1e-12).Or.EqualTo(Math.Pow(0.5, 1 + count))
            .Within(1e-6).Percent);
        Assert.That(shares.Sum(), Is.EqualTo(1).Within(1e-12));
    }

    /// <summary>Of two answers with a and b votes and none unseen that could win, P(Beta(a, b) > 1/2) nearly.</summary>
    [Test]
    public void Nearly_equal_answers_nearly_divide_it()
    {
        double[] shares = MajorityLimit.Shares(Tally(33, 31));
        Assert.That(shares[0], Is.EqualTo(1 - BetaDistribution.AtMost(0.5, 34, 32)).Within(1e-9), "majority@64 is 1 here");
        Assert.That(shares[0], Is.InRange(0.55, 0.62));
    }

    [TestCase(3, 1), TestCase(2, 2, 2), TestCase(5, 3, 1, 1), TestCase(12, 9, 7), TestCase(1, 1, 1, 1, 1, 1)]
    public void Any_answers_have_the_shares_of_a_simulation(params int[] counts)
    {
        const int draws = 200_000;
        int[] shapes = [.. counts.Select(count => 1 + count), 1], won = new int[shapes.Length];
        Random random = new(3);
        for (int draw = 0; draw < draws; draw++)
        {
            double[] gammas = [.. shapes.Select(shape => -Enumerable.Range(0, shape).Sum(_ => Math.Log(1 - random.NextDouble())))];
            won[Array.IndexOf(gammas, gammas.Max())]++;
        }
        double[] shares = MajorityLimit.Shares(Tally(counts));
        for (int place = 0; place < shares.Length; place++)
        {
            double error = Math.Sqrt(shares[place] * (1 - shares[place]) / draws);
            Assert.That(shares[place], Is.EqualTo(won[place] / (double)draws).Within(4 * error + 1e-6), $"answer {place}");
        }
    }

    [Test]
    public void Equal_counts_have_equal_shares()
    {
        double[] shares = MajorityLimit.Shares(Tally(7, 3, 7, 3));
        Assert.That((shares[0], shares[1]), Is.EqualTo((shares[2], shares[3])).Within(1e-14));
    }
}
