using Harness.Statistics;

namespace Harness.Tests.Statistics;

public sealed class WeightedMajorityTests
{
    static readonly string?[] Answers = ["a", "a", "b", "b", "c", null, "c", "a", "d", "b"];
    static readonly bool[] Correct = [.. Answers.Select(answer => answer == "a")];
    static readonly AnswerTally Tally = AnswerTally.Of(Answers, Correct);
    static readonly double[] Weights = [0.125, 0.25, 0.25, 0, 0.875, 1, 0.0625, 0.75, 0.375, 0.625];

    static double Vote(double[] weights, int[] subset)
    {
        var sums = subset.Where(i => Answers[i] is not null).GroupBy(i => Answers[i])
            .Select(group => (group.Key, Sum: group.Sum(i => weights[i]))).ToArray();
        return sums.Length == 0 ? 0 : sums.Where(sum => sum.Sum == sums.Max(other => other.Sum)).Average(sum => sum.Key == "a" ? 1.0 : 0);
    }

    [Test]
    public void Is_within_its_stated_error_of_all_subsets([Range(1, 10)] int k)
    {
        double expected = Subsets.MeanOver(Answers.Length, k, subset => Vote(Weights, subset));

        MonteCarloEstimate result = WeightedMajority.Estimate(Tally, Weights, k, seed: 3, problem: 7, subsets: 20_000);

        Assert.That(result.StandardError, k is 1 or 10 ? Is.Zero : Is.InRange(1e-4, 5e-3));
        Assert.That(result.Accuracy, Is.EqualTo(expected).Within(4 * result.StandardError + 1e-12));
    }

    [Test]
    public void Equal_weights_are_a_majority_vote([Range(2, 9)] int k)
    {
        double[] equal = [.. Weights.Select(_ => 0.3)];

        MonteCarloEstimate result = WeightedMajority.Estimate(Tally, equal, k, seed: 1, problem: 0, subsets: 20_000);

        Assert.That(result.Accuracy, Is.EqualTo(MajorityAtK.Estimate(Tally, k)).Within(4 * result.StandardError));
    }

    [Test]
    public void Sums_that_are_equal_tie_in_whatever_order()
    {
        AnswerTally tally = AnswerTally.Of(["a", "b", "a", "b", "a", "b"], [true, false, true, false, true, false]);

        Assert.That(WeightedMajority.Estimate(tally, [0.1, 0.3, 0.2, 0.2, 0.3, 0.1], 6, 1, 1).Accuracy, Is.EqualTo(0.5));
    }

    [Test]
    public void Votes_of_no_weight_still_are_votes()
    {
        AnswerTally tally = AnswerTally.Of(["a", null, null], [true, false, false]);

        Assert.That(WeightedMajority.Estimate(tally, [0, 1, 1], 3, 1, 1).Accuracy, Is.EqualTo(1));
    }

    [Test]
    public void Subsets_depend_on_the_seed_and_the_problem_alone()
    {
        MonteCarloEstimate one = WeightedMajority.Estimate(Tally, Weights, 4, seed: 1, problem: 1);
        Assert.That(WeightedMajority.Estimate(Tally, Weights, 4, seed: 1, problem: 1), Is.EqualTo(one));
        Assert.That(WeightedMajority.Estimate(Tally, Weights, 4, seed: 2, problem: 1), Is.Not.EqualTo(one));
        Assert.That(WeightedMajority.Estimate(Tally, Weights, 4, seed: 1, problem: 2), Is.Not.EqualTo(one));
    }

    [TestCase(-0.1)]
    [TestCase(1.1)]
    [TestCase(double.NaN)]
    public void Weights_that_are_no_probability_are_refused(double weight)
    {
        AnswerTally tally = AnswerTally.Of(["a", "b"], [true, false]);
        Assert.That(() => WeightedMajority.Estimate(tally, [weight, 0.5], 2, 1, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void More_draws_than_samples_are_undefined() =>
        Assert.That(WeightedMajority.Estimate(Tally, Weights, 11, 1, 1).Accuracy, Is.NaN);
}
