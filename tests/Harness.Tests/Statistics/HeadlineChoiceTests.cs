using Harness.Statistics;

namespace Harness.Tests.Statistics;

public sealed class HeadlineChoiceTests
{
    static double[] Vector(int problems, Func<int, double> accuracy) => [.. Enumerable.Range(0, problems).Select(accuracy)];

    [Test]
    public void Each_half_is_judged_by_what_the_other_half_chose()
    {
        // The first is better on even problems, the second on odd ones: so each is judged where it is worse.
        HeadlineCandidate even = new(1, Vector(40, i => i % 2 == 0 ? 0.9 : 0.2), Vector(40, _ => 0.15));
        HeadlineCandidate odd = new(1, Vector(40, i => i % 2 == 0 ? 0.3 : 0.8), Vector(40, _ => 0.35));

        HeadlineChoice choice = HeadlineChoice.Of([even, odd], new int[40], seed: 1);

        Assert.That((choice.ChosenOnEven, choice.ChosenOnOdd), Is.EqualTo((0, 1)));
        Assert.That(choice.Chosen, Is.EqualTo(Enumerable.Range(0, 40).Select(i => 1 - i % 2)));
        Assert.That(choice.OneSample, Is.EqualTo(Vector(40, i => i % 2 == 0 ? 0.35 : 0.15)), "each of the candidate's own");
        Assert.That(choice.Judged, Is.EqualTo(Vector(40, i => i % 2 == 0 ? 0.3 : 0.2)));
        Assert.That(choice.Accuracy, Is.EqualTo(0.25).Within(1e-15));
        Assert.That(choice.Interval, Is.EqualTo(AnchoredBootstrap.OfMean(choice.Judged, 1).Interval()));
        Assert.That(choice.ToOneSample.Difference, Is.Zero.Within(1e-15));
        Assert.That(choice.Verdict.Verdict, Is.EqualTo(Verdict.CannotTell));
    }

    [Test]
    public void A_gain_on_both_halves_is_found_and_differs_from_one_sample()
    {
        double[] single = Vector(60, i => i % 5 / 10.0);
        HeadlineCandidate same = new(1, single, single), vote = new(8, [.. single.Select(accuracy => accuracy + 0.2)], single);

        HeadlineChoice choice = HeadlineChoice.Of([same, vote], Vector(60, i => i % 3).Select(d => (int)d).ToArray(), seed: 1);

        Assert.That((choice.ChosenOnEven, choice.ChosenOnOdd), Is.EqualTo((1, 1)));
        Assert.That(choice.ToOneSample.Difference, Is.EqualTo(0.2).Within(1e-12));
        Assert.That(choice.Verdict.Verdict, Is.EqualTo(Verdict.Changed));
    }

    [Test]
    public void Equally_accurate_ones_go_to_the_cheaper_then_to_the_first()
    {
        double[] values = Vector(10, i => i / 10.0), rounded = [.. values.Select(value => value + 1e-14)];
        HeadlineChoice choice = HeadlineChoice.Of(
            [new(4, rounded, values), new(2, values, values), new(2, rounded, values)], new int[10], seed: 1);
        Assert.That((choice.ChosenOnEven, choice.ChosenOnOdd), Is.EqualTo((1, 1)));
    }

    [Test]
    public void Both_halves_hold_problems_of_every_difficulty()
    {
        // Difficulties alternate as problems do; candidates differ in what difficulty they are good at.
        int[] difficulties = [.. Enumerable.Range(0, 40).Select(i => i % 2)];
        double[] one = Vector(40, _ => 0.1);
        HeadlineCandidate hard = new(1, Vector(40, i => i % 2 == 0 ? 0.1 : 0.8), one);
        HeadlineCandidate easy = new(1, Vector(40, i => i % 2 == 0 ? 1 : 0.1), one);

        HeadlineChoice choice = HeadlineChoice.Of([hard, easy], difficulties, seed: 1);

        Assert.That((choice.ChosenOnEven, choice.ChosenOnOdd), Is.EqualTo((1, 1)));
        Assert.That(choice.Accuracy, Is.EqualTo(0.55).Within(1e-12));
    }

    [Test]
    public void The_best_of_many_that_are_alike_is_not_flattered()
    {
        Random random = new(1);
        double[] Luck() => Vector(100, _ => random.Next(2));
        double sum = 0, best = 0;
        for (int experiment = 0; experiment < 100; experiment++)
        {
            HeadlineCandidate[] candidates = [.. Enumerable.Range(0, 20).Select(_ => new HeadlineCandidate(1, Luck(), Luck()))];
            sum += HeadlineChoice.Of(candidates, new int[100], seed: 1, resamples: 1).Accuracy;
            best += candidates.Max(candidate => candidate.Accuracies.Average());
        }
        Assert.That(sum / 100, Is.EqualTo(0.5).Within(4 * 0.005));
        Assert.That(best / 100, Is.GreaterThan(0.58));
    }

    [Test]
    public void An_undefined_candidate_is_never_chosen()
    {
        HeadlineChoice choice = HeadlineChoice.Of([new(1, [1, double.NaN], [0, 0]), new(2, [0, 0], [0, 0])], [0, 0], seed: 1);
        Assert.That((choice.ChosenOnEven, choice.ChosenOnOdd), Is.EqualTo((1, 1)));
        Assert.That(() => HeadlineChoice.Of([new(1, [1, double.NaN], [0, 0])], [0, 0], seed: 1), Throws.ArgumentException);
    }

    [Test]
    public void One_problem_is_judged_by_the_cheapest()
    {
        HeadlineChoice choice = HeadlineChoice.Of([new(2, [1], [0]), new(1, [0], [0])], [0], seed: 1);
        Assert.That((choice.ChosenOnEven, choice.ChosenOnOdd, choice.Accuracy), Is.EqualTo((0, 1, 0.0)));
    }
}
