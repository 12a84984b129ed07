using Harness.Statistics;

namespace Harness.Tests.Statistics;

public sealed class PairedDifferenceTests
{
    static double[] Vector(int problems, Func<int, double> accuracy) => [.. Enumerable.Range(0, problems).Select(accuracy)];

    static PairedDifference Of(double[] first, double[] second) => PairedDifference.Of(first, second, new(new int[first.Length], seed: 1));

    [Test]
    public void Pairs_that_differ_alike_have_the_anchors_alone_as_width()
    {
        double[] first = [.. Enumerable.Range(0, 100).Select(i => i % 10 / 10.0)];
        double[] second = [.. first.Select((value, i) => value + (i % 2 == 0 ? 0.1 : 0.12))];

        PairedDifference result = Of(first, second);

        Assert.That(result.Difference, Is.EqualTo(-0.11).Within(1e-12));
        Assert.That(result.Interval95.Low, Is.InRange(-0.145, -0.13));
        Assert.That(result.Interval95.High, Is.InRange(-0.09, -0.075));
        Assert.That(result.Test, Is.EqualTo(PairedDifference.PermutationTest));
    }

    [Test]
    public void Equal_accuracies_never_claim_certainty([Values(10, 100, 1000)] int problems)
    {
        double[] values = [.. Enumerable.Range(0, problems).Select(i => i % 2 * 1.0)];

        PairedDifference result = Of(values, values);

        Assert.That((result.Difference, result.PValue), Is.EqualTo((0.0, 1.0)));
        Assert.That(result.Interval95.Low, Is.InRange(-3.5 / (problems + 2), -2.0 / (problems + 2)));
        Assert.That(result.Interval95.High, Is.EqualTo(-result.Interval95.Low));
        Assert.That(result.Interval90.High, Is.LessThanOrEqualTo(result.Interval95.High));
    }

    [Test]
    public void Plain_outcomes_have_mcnemars_test()
    {
        double[] first = Vector(40, i => i < 20 ? 1 : 0), second = Vector(40, i => i is >= 12 and < 22 ? 1 : 0);

        PairedDifference result = Of(first, second);

        Assert.That((result.Test, result.PValue), Is.EqualTo((PairedDifference.McNemarTest, McNemar.PValue(12, 2))));
        Assert.That(result.Difference, Is.EqualTo(10 / 40.0));
    }

    [Test]
    public void Exchanged_methods_have_the_mirrored_difference()
    {
        double[] first = Vector(50, i => i * 7 % 11 / 11.0), second = Vector(50, i => i * 5 % 13 / 13.0);

        PairedDifference one = Of(first, second), other = Of(second, first);

        Assert.That(other.Difference, Is.EqualTo(-one.Difference).Within(1e-15));
        Assert.That(other.PValue, Is.EqualTo(one.PValue));
        Assert.That(other.Interval95.Low, Is.EqualTo(-one.Interval95.High).Within(0.01));
    }

    [Test]
    public void Differences_that_depend_on_the_difficulty_are_resampled_in_its_shares()
    {
        double[] first = [.. Enumerable.Range(0, 200).Select(i => i % 2 * 0.5)], second = new double[200];
        int[] difficulties = [.. Enumerable.Range(0, 200).Select(i => i % 2)];

        Interval plain = Of(first, second).Interval95, stratified = PairedDifference.Of(first, second, new(difficulties, 1)).Interval95;

        Assert.That(stratified.High - stratified.Low, Is.LessThan(0.6 * (plain.High - plain.Low)));
    }

    [Test]
    public void The_detectable_effect_is_found_four_times_in_five()
    {
        Random random = new(1);
        double[] Answers(double chance) => [.. Enumerable.Range(0, 400).Select(_ => random.NextDouble() < chance ? 1.0 : 0)];
        double effect = Of(Answers(0.5), Answers(0.5)).DetectableEffect;
        Assert.That(effect, Is.EqualTo(2.8016 * Math.Sqrt(0.5 / 400)).Within(0.01));

        int found = Enumerable.Range(0, 1000).Count(_ => IsFound(Answers(0.5 + effect / 2), Answers(0.5 - effect / 2)));

        Assert.That(found / 1000.0, Is.EqualTo(0.8).Within(0.05));

        // The normal form of McNemar's test, which the calculation of power assumes.
        static bool IsFound(double[] first, double[] second)
        {
            int won = first.Zip(second).Count(pair => pair.First > pair.Second);
            int lost = first.Zip(second).Count(pair => pair.First < pair.Second);
            return Math.Abs(won - lost) > 1.96 * Math.Sqrt(won + lost);
        }
    }

    [Test]
    public void Half_the_effect_takes_four_times_the_problems()
    {
        PairedDifference result = Of(Vector(100, i => i % 2), Vector(100, i => i % 3 == 0 ? 1 : 0));

        Assert.That(result.ProblemsFor(result.DetectableEffect), Is.InRange(100, 101));
        Assert.That(result.ProblemsFor(result.DetectableEffect / 2), Is.InRange(400, 401));
    }

    [Test]
    public void The_standard_error_is_that_of_the_mean_of_problems_and_anchors()
    {
        double[] first = [.. Enumerable.Range(0, 98).Select(i => i % 2 * 1.0)], none = new double[98];

        // Differences 49 times 0, 49 times 1, -1 and 1: mean .49, mean square .51.
        Assert.That(Of(first, none).StandardError, Is.EqualTo(Math.Sqrt((0.51 - 0.49 * 0.49) / 100)).Within(0.001));
    }

    [Test]
    public void An_undefined_accuracy_is_refused() => Assert.That(() => Of([1, double.NaN], [0, 0]), Throws.ArgumentException);
}
