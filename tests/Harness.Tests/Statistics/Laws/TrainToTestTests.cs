using Harness.Statistics.Laws;

namespace Harness.Tests.Statistics.Laws;

public sealed class TrainToTestTests
{
    static readonly TrainToTestLaw law = new();

    /// <summary>E, A, B, G, alpha, beta, gamma.</summary>
    static readonly double[] truth = [0.05, 300, 900, 1.2, 0.33, 0.31, 0.45];

    static LawData Grid(int sizes, int amounts, int counts, Func<double> noise)
    {
        (double N, double D, double K)[] points =
        [
            .. from i in Enumerable.Range(0, sizes)
               from j in Enumerable.Range(0, amounts)
               from k in Enumerable.Range(0, counts)
               select (5e6 * Math.Pow(180, (double)i / (sizes - 1)), 1e8 * Math.Pow(500, (double)j / (amounts - 1)), Math.Pow(4, k)),
        ];
        return new LawData(
            [[.. points.Select(point => point.N)], [.. points.Select(point => point.D)], [.. points.Select(point => point.K)]],
            [.. points.Select(point => law.Predict(truth, [point.N, point.D, point.K]) * (1 + noise()))]);
    }

    [Test]
    public void Points_without_noise_give_their_parameters_back()
    {
        LawFit fit = law.Fit(Grid(7, 7, 5, () => 0));
        for (int p = 0; p < truth.Length; p++)
            Assert.That(fit.Parameters[p], Is.EqualTo(truth[p]).Within(1e-6 * truth[p]), law.Parameters[p]);
        Assert.That((fit.Points, fit.Dropped), Is.EqualTo((245, 0)));
        Assert.That(fit.Reached, Is.InRange(1, fit.Starts));
    }

    [Test]
    public void Predictions_are_what_the_formula_says() => Assert.That(
        law.Predict(truth, [1e8, 2e9, 16]),
        Is.EqualTo(Math.Exp(-0.05 - 300 * Math.Pow(1e8, -0.33) - 900 * Math.Pow(2e9, -0.31) - 1.2 * Math.Pow(16, -0.45))).Within(1e-14));

    [Test]
    public void Coverages_without_a_logarithm_are_dropped_and_counted()
    {
        LawData data = Grid(4, 4, 3, () => 0);
        data.Outputs[3] = 0;
        data.Outputs[20] = 1;
        LawFit fit = law.Fit(data);
        Assert.That((fit.Points, fit.Dropped), Is.EqualTo((46, 2)));
        Assert.That(fit.Parameters[4], Is.EqualTo(0.33).Within(1e-5));
    }

    [Test]
    public void Larger_models_are_held_out_with_all_their_samples()
    {
        LawData data = Grid(5, 4, 3, () => 0);
        HeldOutError error = HeldOutError.Of(law, data, seed: 1);
        Assert.That(error.Fitted % 3, Is.Zero);
        Assert.That(error.Fitted + error.Predicted, Is.EqualTo(60));
        Assert.That(error.RootMeanSquare, Is.LessThan(1e-5));
    }

    [Test]
    public void Intervals_hold_the_truth_as_often_as_they_say()
    {
        Random random = new(17);
        const int Studies = 24;
        int[] held = new int[truth.Length];
        for (int study = 0; study < Studies; study++)
        {
            LawData data = Grid(6, 6, 4, () => 0.02 * (random.NextDouble() - 0.5));
            LawBootstrap bootstrap = LawBootstrap.Of(law, data, law.Fit(data), seed: 1, resamples: 100);
            for (int p = 0; p < truth.Length; p++)
                held[p] += bootstrap.Intervals[p].Low <= truth[p] && truth[p] <= bootstrap.Intervals[p].High ? 1 : 0;
        }
        TestContext.Out.WriteLine(string.Join(", ", law.Parameters.Zip(held, (name, times) => $"{name} {times}")));
        Assert.That(held, Is.All.GreaterThanOrEqualTo(0.75 * Studies));
        Assert.That(held.Sum(), Is.InRange(0.87 * Studies * truth.Length, Studies * truth.Length));
    }

    /// <summary>Against all whole k up to 300 and 4,000 sizes at each.</summary>
    [TestCase(1e19, 1e4, 200)]
    [TestCase(1e21, 1e6, 200)]
    [TestCase(1e21, 1e9, 200)]
    [TestCase(1e18, 1e8, 1000)]
    public void A_budget_is_split_as_no_other_split_beats(double operations, double queries, double tokens)
    {
        EndToEndBudget budget = new(operations, queries, tokens);
        TrainToTestSplit split = TrainToTestSplit.Of(truth, budget)!;
        double best = 0;
        (double Size, double K) at = default;
        for (int k = 1; k <= 300; k++)
        {
            double largest = operations / (2 * k * queries * tokens);
            for (int step = 1; step < 4000; step++)
            {
                double size = Math.Pow(largest, step / 4000.0), left = (operations / size - 2 * k * queries * tokens) / 6;
                double coverage = Math.Exp(-0.05 - 300 * Math.Pow(size, -0.33) - 900 * Math.Pow(left, -0.31) - 1.2 * Math.Pow(k, -0.45));
                if (coverage > best)
                    (best, at) = (coverage, (size, k));
            }
        }
        double spent = 6 * split.Size * split.Tokens + 2 * split.Size * split.Samples * queries * tokens;
        Assert.That(spent, Is.EqualTo(operations).Within(1e-9 * operations));
        Assert.That(split.Coverage, Is.GreaterThanOrEqualTo(best), $"the grid's best is at {at}");
        if (split.Samples <= 300)
        {
            Assert.That(split.Coverage, Is.EqualTo(best).Within(1e-4 * best));
            Assert.That(split.Samples, Is.EqualTo(at.K).Within(1));
            Assert.That(split.Size, Is.EqualTo(at.Size).Within(2).Percent);
        }
    }

    [Test]
    public void A_budget_below_one_sample_a_query_has_no_split() =>
        Assert.That(TrainToTestSplit.Of(truth, new EndToEndBudget(1e8, 1e6, 200)), Is.Null);
}
