using Harness.Statistics;

namespace Harness.Tests.Statistics;

public sealed class ChanceBaselineTests
{
    const int Samples = 6;
    static readonly int[] Difficulties = [3, 5, 3, 5, 5, 3, 7];
    static readonly string[] Golds = ["a", "b", "a", "c", "b", "d", "z"];

    /// <summary>One letter a sample; '-' for none.</summary>
    static readonly string[] Letters = ["aabbc-", "bbbbbb", "abcdab", "------", "ccaaab", "eeefff", "zzabz-"];
    static readonly string?[][] Answers =
        [.. Letters.Select(letters => letters.Select(letter => letter == '-' ? null : letter.ToString()).ToArray())];
    static readonly double[][] Rewards =
        [.. Enumerable.Range(0, 7).Select(i => Enumerable.Range(0, Samples).Select(s => (i * 5 + s * 3) % 7 / 8.0).ToArray())];

    static ChanceBaseline Baseline => ChanceBaseline.Of(Answers, Golds, Difficulties);

    /// <summary>The definition: every ordered pair of different problems, one by one.</summary>
    static double OverPairs(Func<int, bool[], double> estimate, int? difficulty = null, Func<string, string, bool>? isRight = null)
    {
        isRight ??= (answer, gold) => answer == gold;
        List<double> values = [];
        for (int i = 0; i < Golds.Length; i++)
        {
            for (int j = 0; j < Golds.Length; j++)
            {
                if (i == j || (difficulty is { } only && (Difficulties[i] != only || Difficulties[j] != only)))
                    continue;
                values.Add(estimate(i, [.. Answers[i].Select(answer => answer is not null && isRight(answer, Golds[j]))]));
            }
        }
        return values.Average();
    }

    static AnswerTally Tally(int problem) => AnswerTally.Of(Answers[problem], new bool[Samples]);

    static Func<int, ScoredEstimator> Majority(int k) => i => ScoredEstimators.OfShares(k, () => MajorityAtK.Shares(Tally(i), [k])[0]);

    static Func<int, ScoredEstimator> BestOf(int k) => i => (_, correct) => new BestOfN(Rewards[i], k).Estimate(correct);

    static Func<int, ScoredEstimator> WeightedVote(int k) =>
        i => ScoredEstimators.OfShares(k, () => new WeightedMajority(Tally(i), Rewards[i], [k], 1, 10 + i).Shares(k));

    static void Agree(Func<int, ScoredEstimator> estimators, Func<int, bool[], double> estimate)
    {
        ChanceEstimate chance = Baseline.Estimate(estimators);

        Assert.That(chance.All, Is.EqualTo(OverPairs(estimate)).Within(1e-13));
        foreach (int difficulty in new[] { 3, 5 })
            Assert.That(chance.Of(difficulty), Is.EqualTo(OverPairs(estimate, difficulty)).Within(1e-13), $"difficulty {difficulty}");
        Assert.That(chance.Of(7), Is.NaN, "one problem of its difficulty");
        Assert.That(chance.Of(8), Is.NaN, "no problem of its difficulty");
    }

    [Test]
    public void Of_one_sample_it_is_the_share_of_samples_that_equal_another_gold() =>
        Agree(_ => ScoredEstimators.OneSample, (_, correct) => (double)correct.Count(right => right) / Samples);

    [Test]
    public void Of_coverage_it_is_the_mean_over_pairs([Range(1, 6)] int k) =>
        Agree(_ => ScoredEstimators.Coverage(k), (_, correct) => PassAtK.Coverage(Samples, correct.Count(right => right), k));

    [Test]
    public void Of_a_majority_it_is_the_mean_over_pairs([Range(1, 6)] int k) =>
        Agree(Majority(k), (i, correct) => MajorityAtK.Estimate(AnswerTally.Of(Answers[i], correct), k));

    [Test]
    public void Of_the_best_reward_it_is_the_mean_over_pairs([Range(1, 6)] int k) =>
        Agree(BestOf(k), (i, correct) => new BestOfN(Rewards[i], k).Estimate(correct));

    [Test]
    public void Of_a_weighted_vote_it_is_the_mean_over_pairs([Range(1, 6)] int k) => Agree(
        WeightedVote(k),
        (i, correct) => new WeightedMajority(AnswerTally.Of(Answers[i], correct), Rewards[i], [k], 1, 10 + i).Estimate(k).Accuracy);

    [Test]
    public void Answers_may_be_compared_otherwise_than_by_their_strings()
    {
        static bool IsRight(string answer, string gold) => answer[0] / 2 == gold[0] / 2;
        ChanceEstimate chance = ChanceBaseline.Of(Answers, Golds, Difficulties, IsRight).Estimate(Majority(3));

        double expected = OverPairs((i, correct) => MajorityAtK.Estimate(AnswerTally.Of(Answers[i], correct), 3), isRight: IsRight);
        Assert.That(chance.All, Is.EqualTo(expected).Within(1e-13));
    }

    [Test]
    public void Comparison_of_equal_strings_is_the_same_to_the_bit()
    {
        ChanceBaseline asked = ChanceBaseline.Of(Answers, Golds, Difficulties, (answer, gold) => answer == gold);
        Assert.That(asked.Estimate(Majority(3)).All, Is.EqualTo(Baseline.Estimate(Majority(3)).All));
    }

    [Test]
    public void A_right_model_whose_golds_all_differ_has_no_chance()
    {
        string[] golds = ["1", "2", "3"];
        ChanceBaseline baseline = ChanceBaseline.Of([.. golds.Select(gold => new[] { gold, gold })], golds, [0, 0, 0]);
        Assert.That(baseline.Estimate(_ => ScoredEstimators.Coverage(2)).All, Is.Zero);
    }

    [Test]
    public void More_draws_than_samples_are_undefined()
    {
        foreach (Func<int, ScoredEstimator> estimators in new[]
        {
            _ => ScoredEstimators.Coverage(7), Majority(7), BestOf(7), WeightedVote(7),
        })
            Assert.That(Baseline.Estimate(estimators).All, Is.NaN);
    }

    [Test]
    public void Without_golds_or_other_problems_it_says_why_it_is_undefined()
    {
        ChanceBaseline ungiven = ChanceBaseline.Of(Answers, [null, .. Golds.Skip(1)], Difficulties);
        ChanceBaseline alone = ChanceBaseline.Of([["a"]], ["a"], [0]);
        Assert.That(ungiven.Estimate(_ => ScoredEstimators.OneSample).All, Is.NaN);
        Assert.That(alone.Estimate(_ => ScoredEstimators.OneSample).All, Is.NaN);
        Assert.That(ungiven.Undefined, Does.Contain("without a gold"));
        Assert.That(alone.Undefined, Does.Contain("no second problem"));
        Assert.That(Baseline.Undefined, Is.Null);
    }
}
