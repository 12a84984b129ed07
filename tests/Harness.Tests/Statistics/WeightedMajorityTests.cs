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
    public void Is_the_share_of_all_subsets_where_these_are_few([Range(1, 10)] int k)
    {
        double expected = Subsets.MeanOver(Answers.Length, k, subset => Vote(Weights, subset));

        MonteCarloEstimate result = new WeightedMajority(Tally, Weights, [k], seed: 3, problem: 7).Estimate(k);

        Assert.That(result.Accuracy, Is.EqualTo(expected).Within(1e-14));
        Assert.That(result.StandardError, Is.Zero);
    }

    [Test]
    public void Is_within_its_stated_error_of_all_subsets_where_these_are_many([Range(3, 7)] int k)
    {
        double expected = Subsets.MeanOver(Answers.Length, k, subset => Vote(Weights, subset));

        MonteCarloEstimate result = new WeightedMajority(Tally, Weights, [k], seed: 3, problem: 7, subsets: 100, counted: 100).Estimate(k);

        Assert.That(result.StandardError, Is.InRange(0.01, 0.06));
        Assert.That(result.Accuracy, Is.EqualTo(expected).Within(3.5 * result.StandardError));
    }

    [TestCase(64, 2, 0)]
    [TestCase(64, 62, 0)]
    [TestCase(64, 63, 0)]
    [TestCase(14, 6, 0)]
    [TestCase(64, 3, 1)]
    [TestCase(15, 7, 1)]
    public void Up_to_five_thousand_subsets_are_counted_exactly(int samples, int k, int hasError)
    {
        AnswerTally tally = AnswerTally.Of(
            [.. Enumerable.Range(0, samples).Select(i => i % 3 == 0 ? "a" : "b")],
            [.. Enumerable.Range(0, samples).Select(i => i % 3 == 0)]);
        double[] weights = [.. Enumerable.Range(0, samples).Select(i => i * 37 % 64 / 64.0)];

        double error = new WeightedMajority(tally, weights, [k], seed: 1, problem: 0).Estimate(k).StandardError;

        Assert.That(error, hasError == 0 ? Is.Zero : Is.InRange(1e-3, 0.5 / Math.Sqrt(WeightedMajority.DefaultSubsets)));
    }

    [Test]
    public void An_answer_that_outweighs_all_others_in_every_subset_wins_for_certain()
    {
        // 6 of 'a', each at least .5; of any 9 of 12 samples at least 3 are 'a', 1.5 together; 'b' has 1.25, 'c' 1, and one has no answer.
        string?[] answers = ["a", "a", "a", "a", "a", "a", "b", "b", "c", "c", "c", null];
        double[] weights = [0.5, 0.5, 0.75, 0.5, 1, 1, 0.625, 0.625, 0.25, 0.25, 0.5, 1];
        AnswerTally tally = AnswerTally.Of(answers, [.. answers.Select(answer => answer == "a")]);

        Assert.That(new WeightedVoteCount(tally, weights).CertainWinner(9), Is.EqualTo(tally.AnswerOfSample[0]));
        Assert.That(new WeightedVoteCount(tally, weights).CertainWinner(8), Is.EqualTo(-1), "1 of 'a' and 1.25 of 'b' may meet");
        WeightedMajority certain = new(tally, weights, [9], 1, 1, subsets: 10, counted: 10);
        Assert.That(certain.Estimate(9), Is.EqualTo(new MonteCarloEstimate(1, 0)));
        Assert.That(certain.Shares(9), Is.EqualTo(new[] { 1.0, 0, 0 }));
    }

    [Test]
    public void What_is_certain_is_so_in_every_subset()
    {
        Random random = new(1);
        int certain = 0;
        for (int trial = 0; trial < 300; trial++)
        {
            string? Answer() => random.Next(4) is > 0 and var kind ? $"{kind / 2 * random.Next(3)}" : null;
            string?[] answers = [.. Enumerable.Range(0, 9).Select(_ => Answer())];
            double[] weights = [.. answers.Select(_ => random.Next(5) / 4.0)];
            AnswerTally tally = AnswerTally.Of(answers, new bool[9]);
            for (int k = 1; k <= 9; k++)
            {
                int winner = new WeightedVoteCount(tally, weights).CertainWinner(k);
                certain += winner >= 0 ? 1 : 0;
                new WeightedVoteCount(tally, weights).ForEachSubset(k, leaders =>
                    Assert.That(winner < 0 || leaders.SequenceEqual([winner]), $"trial {trial}, k {k}"));
            }
        }
        Assert.That(certain, Is.GreaterThan(100));
    }

    [Test]
    public void Shares_are_each_answers_estimate_and_with_no_vote_they_are_one([Range(1, 10)] int k, [Values(100, 5000)] int subsets)
    {
        double[] shares = new WeightedMajority(Tally, Weights, [k], seed: 3, problem: 7, subsets, counted: subsets).Shares(k);

        for (int place = 0; place < shares.Length; place++)
        {
            AnswerCount[] marked = [.. Tally.Answers.Select((answer, i) => answer with { Correctness = i == place ? 1 : 0 })];
            WeightedMajority alone = new(Tally with { Answers = marked }, Weights, [k], seed: 3, problem: 7, subsets, counted: subsets);
            Assert.That(shares[place], Is.EqualTo(alone.Estimate(k).Accuracy).Within(1e-14), $"answer {place}");
        }
        Assert.That(shares.Sum(), Is.EqualTo(k == 1 ? 0.9 : 1).Within(1e-14));
    }

    [Test]
    public void Equal_weights_are_a_majority_vote([Range(2, 9)] int k)
    {
        double[] equal = [.. Weights.Select(_ => 0.3)];

        MonteCarloEstimate result = new WeightedMajority(Tally, equal, [k], seed: 1, problem: 0).Estimate(k);

        Assert.That(result.Accuracy, Is.EqualTo(MajorityAtK.Estimate(Tally, k)).Within(1e-13));
    }

    [Test]
    public void Sums_that_are_equal_tie_in_whatever_order()
    {
        AnswerTally tally = AnswerTally.Of(["a", "b", "a", "b", "a", "b"], [true, false, true, false, true, false]);

        Assert.That(new WeightedMajority(tally, [0.1, 0.3, 0.2, 0.2, 0.3, 0.1], [6], 1, 1).Estimate(6).Accuracy, Is.EqualTo(0.5));
    }

    [Test]
    public void Votes_of_no_weight_still_are_votes()
    {
        AnswerTally tally = AnswerTally.Of(["a", null, null], [true, false, false]);

        Assert.That(new WeightedMajority(tally, [0, 1, 1], [3], 1, 1).Estimate(3).Accuracy, Is.EqualTo(1));
    }

    [Test]
    public void Subsets_depend_on_the_seed_and_the_problem_alone()
    {
        MonteCarloEstimate one = Estimate(seed: 1, problem: 1);
        Assert.That(Estimate(seed: 1, problem: 1), Is.EqualTo(one));
        Assert.That(Estimate(seed: 2, problem: 1), Is.Not.EqualTo(one));
        Assert.That(Estimate(seed: 1, problem: 2), Is.Not.EqualTo(one));

        static MonteCarloEstimate Estimate(ulong seed, int problem) =>
            new WeightedMajority(Tally, Weights, [4], seed, problem, subsets: 100, counted: 100).Estimate(4);
    }

    [TestCase(-0.1)]
    [TestCase(1.1)]
    [TestCase(double.NaN)]
    public void Weights_that_are_no_probability_are_refused(double weight)
    {
        AnswerTally tally = AnswerTally.Of(["a", "b"], [true, false]);
        Assert.That(() => new WeightedMajority(tally, [weight, 0.5], [2], 1, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void More_draws_than_samples_are_undefined() =>
        Assert.That(new WeightedMajority(Tally, Weights, [11], 1, 1).Estimate(11).Accuracy, Is.NaN);

    /// <summary>Random subsets of one multiplier do not depend on which others are counted with it.</summary>
    [Test]
    public void One_count_serves_several_multipliers()
    {
        WeightedMajority many = new(Tally, Weights, [6, 1, 4, 11, 10], seed: 3, problem: 7, subsets: 100, counted: 100);
        foreach (int k in new[] { 1, 4, 6, 10 })
        {
            WeightedMajority one = new(Tally, Weights, [k], seed: 3, problem: 7, subsets: 100, counted: 100);
            Assert.That(many.Estimate(k), Is.EqualTo(one.Estimate(k)));
            Assert.That(many.Shares(k), Is.EqualTo(one.Shares(k)));
        }
        Assert.That(many.Shares(11), Is.All.NaN);
    }
}
