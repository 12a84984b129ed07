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

    [TestCase(0.02), TestCase(0.01), TestCase(0.004)]
    public void So_many_problems_as_are_named_suffice_and_a_tenth_less_do_not(double margin)
    {
        AttainableInterval few = new([20, 10], 1);
        int enough = few.ProblemsForMargin(margin);
        Assert.That(enough, Is.EqualTo(2 / margin - 2).Within(4).Percent, "2 / (N + 2)");
        Assert.That(new AttainableInterval([enough], 1).LeastMargin, Is.AtMost(margin));
        Assert.That(new AttainableInterval([enough * 9 / 10], 1).LeastMargin, Is.GreaterThan(margin));
        int right = few.ProblemsForEnd(margin, more => more.GreatestLow >= 1 - margin);
        Assert.That(new AttainableInterval([right], 1).GreatestLow, Is.AtLeast(1 - margin));
        Assert.That(new AttainableInterval([right * 9 / 10], 1).GreatestLow, Is.LessThan(1 - margin));
    }

    [Test, CancelAfter(5000)]
    public void What_no_number_of_problems_can_show_is_said_at_once()
    {
        AttainableInterval any = new([200], 1);
        Assert.That((any.ProblemsForMargin(0), any.ProblemsForEnd(0, _ => false), any.ProblemsForMargin(1e-12)), Is.EqualTo((0, 0, 0)));
        Assert.That(any.ProblemsForMargin(1e-6), Is.EqualTo(2_000_000).Within(1).Percent);
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
