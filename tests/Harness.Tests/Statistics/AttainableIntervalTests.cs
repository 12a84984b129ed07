using Harness.Statistics;

namespace Harness.Tests.Statistics;

sealed class AttainableIntervalTests
{
    /// <summary>
    /// Where nothing differs, a resampled mean is (won - lost) / (N + 2), each of N + 2 draws one of the two anchors with chance
    /// 1 / (N + 2): the least number of which at most one in twenty resamples has more.
    /// </summary>
    static int Quantile(int problems)
    {
        int draws = problems + 2;
        double[] chance = new double[2 * draws + 1];
        chance[draws] = 1;
        for (int draw = 0; draw < draws; draw++)
        {
            double[] next = new double[chance.Length];
            for (int place = 0; place < chance.Length; place++)
            {
                next[place] += chance[place] * (draws - 2) / draws;
                if (place > 0)
                    next[place] += chance[place - 1] / draws;
                if (place + 1 < chance.Length)
                    next[place] += chance[place + 1] / draws;
            }
            chance = next;
        }
        double beyond = 1;
        for (int place = 0; ; place++)
        {
            beyond -= chance[place];
            if (beyond <= 0.05)
                return place - draws;
        }
    }

    [TestCase(10), TestCase(30), TestCase(100), TestCase(300)]
    public void The_least_margin_is_that_of_the_anchors_alone(int problems) => Assert.That(
        new AttainableInterval([problems], 1).LeastMargin, Is.EqualTo(Quantile(problems) / (problems + 2.0)).Within(1e-12));

    [Test]
    public void So_many_problems_as_are_named_suffice_and_much_fewer_do_not()
    {
        AttainableInterval few = new([20, 10], 1);
        int enough = few.ProblemsFor(more => more.LeastMargin <= 0.01);
        Assert.That(enough, Is.EqualTo(199).Within(3), "2 / (N + 2) is at most .01");
        Assert.That(few.ProblemsFor(_ => false), Is.Zero);
    }

    /// <summary>Of results that differ by the margin itself, at most one in twenty is called equivalent.</summary>
    [TestCase(100, 0.1), TestCase(300, 0.05)]
    public void At_the_margin_s_edge_at_most_one_in_twenty_is_called_equivalent(int problems, double margin)
    {
        const int studies = 600;
        Random random = new(5);
        int called = 0;
        for (int study = 0; study < studies; study++)
        {
            double[] first = new double[problems], second = new double[problems];
            for (int i = 0; i < problems; i++)
            {
                double draw = random.NextDouble();
                // A tenth of the problems are lost by chance, and a tenth and the margin won.
                (first[i], second[i]) = draw < 0.1 ? (0, 1) : draw < 0.2 + margin ? (1.0, 0.0) : (1, 1);
            }
            PairedDifference difference = PairedDifference.Of(first, second, new(new int[problems], (ulong)study), resamples: 1000);
            if (difference.Interval90.Low >= -margin && difference.Interval90.High <= margin)
                called++;
        }
        double error = Math.Sqrt(0.05 * 0.95 / studies);
        Assert.That(called / (double)studies, Is.AtMost(0.05 + 2 * error));
    }
}
