using Harness.Analysis;
using Harness.Analysis.Laws;
using Harness.Manifests;
using Harness.Records;
using Harness.Registry;
using Harness.Samples;
using Harness.Statistics;
using Harness.Statistics.Laws;
using Harness.Tests.Strategies;

namespace Harness.Tests.Analysis.Laws;

public sealed class StrategyLawsTests
{
    static ILaw Law(string name) => LawRegistry.All.First(law => law.Name == name);

    static IReadOnlyList<FitRow> Fits(ProblemSamples[] pool, string strategy, int[] multipliers, params string[] laws)
    {
        StrategyManifest bound = BoundStrategies.Over(BoundStrategies.Pool, strategy, multipliers) with { Laws = [.. laws.Select(Law)] };
        return StrategyLaws.Of([bound], SamplePools.Model, _ => new PoolEstimates(pool, seed: 1), seed: 1);
    }

    [Test]
    public void The_coverage_law_is_fitted_to_every_k()
    {
        const int N = 16;
        ProblemSamples[] pool = SamplePools.Random(50, N);
        double[] curve = [.. Enumerable.Range(1, N).Select(k => pool.Average(p => PassAtK.Coverage(N, p.CorrectCount, k)))];
        LawFit expected = new CoverageLaw().Fit(new LawData([[.. Enumerable.Range(1, N).Select(k => (double)k)]], curve));

        IReadOnlyList<FitRow> rows = Fits(pool, "coverage", [1, 4], "coverage");

        Assert.That(rows.Select(row => row.Parameter), Is.EqualTo(new[] { "a", "b", "coverage@160" }));
        Assert.That(rows[0].Value, Is.EqualTo(expected.Parameters[0]).Within(1e-5 * expected.Parameters[0]));
        Assert.That(rows[1].Value, Is.EqualTo(expected.Parameters[1]).Within(1e-5 * Math.Abs(expected.Parameters[1])));
        Assert.That(rows[2].Value, Is.EqualTo(new CoverageLaw().Predict(expected.Parameters, [160])).Within(1e-5));
        Assert.That(rows.Select(row => row.Points), Is.All.EqualTo(expected.Points));
        Assert.That(rows.Select(row => row.Points + row.Dropped), Is.All.EqualTo(N));
        foreach (FitRow row in rows)
        {
            Assert.That(row.CiLow, Is.LessThan(row.Value));
            Assert.That(row.CiHigh, Is.GreaterThan(row.Value));
        }
    }

    /// <summary>By a fit to pass@k of the first four of sixteen samples, at k = 5 .. 16 of all.</summary>
    [Test]
    public void The_held_out_error_is_of_the_first_quarter_of_the_samples()
    {
        const int N = 16, Quarter = 4;
        ProblemSamples[] pool = SamplePools.Random(50, N);
        double[] small = [.. Enumerable.Range(1, Quarter).Select(k => pool.Average(p =>
            PassAtK.Coverage(Quarter, p.Samples.Take(Quarter).Count(sample => sample.Correct), k)))];
        LawFit fit = new CoverageLaw().Fit(new LawData([[1, 2, 3, 4]], small));
        double squares = Enumerable.Range(Quarter + 1, N - Quarter).Average(k => Math.Pow(
            new CoverageLaw().Predict(fit.Parameters, [k]) - pool.Average(p => PassAtK.Coverage(N, p.CorrectCount, k)), 2));

        FitRow row = Fits(pool, "coverage", [1, 4], "coverage")[0];

        Assert.That(row.HeldOutError, Is.EqualTo(Math.Sqrt(squares)).Within(1e-5 * Math.Sqrt(squares)));
        Assert.That(row.HeldOutStandardError, Is.Positive);
    }

    /// <summary>Rates of a known beta law: its parameters, and coverage far beyond the samples, lie in their intervals.</summary>
    [Test]
    public void A_beta_binomial_pool_is_recovered_and_forecast()
    {
        // Quantiles of Beta(1, 3): 1 - (1 - u)^(1/3).
        Random random = new(5);
        ProblemSamples[] pool = [.. Enumerable.Range(0, 400).Select(problem =>
        {
            double rate = 1 - Math.Pow(1 - (problem + 0.5) / 400, 1.0 / 3);
            return new ProblemSamples(problem, 3, 9, [.. Enumerable.Range(0, 20).Select(_ =>
                random.NextDouble() < rate ? new PooledSample("right", true, 5, -1) : new PooledSample("wrong", false, 5, -1))]);
        })];

        IReadOnlyList<FitRow> rows = Fits(pool, "coverage", [1, 4], "beta-binomial", "coverage");

        FitRow alpha = rows[0], beta = rows[1], forecast = rows[2];
        Assert.That((alpha.Parameter, beta.Parameter, forecast.Parameter), Is.EqualTo(("alpha", "beta", "coverage@200")));
        Assert.That(alpha.CiLow < 1 && alpha.CiHigh > 1, $"{alpha}");
        Assert.That(beta.CiLow < 3 && beta.CiHigh > 3, $"{beta}");
        // 1 - E (1 - p)^200 = 1 - B(1, 203) / B(1, 3) = 1 - 3 / 203.
        Assert.That(forecast.CiLow < 1 - 3.0 / 203 && forecast.CiHigh > 1 - 3.0 / 203, $"{forecast}");
        Assert.That(rows.Where(row => row.IsChosen).Select(row => row.Law).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void A_law_of_compute_reads_the_operations_that_are_spent()
    {
        ProblemSamples[] pool = SamplePools.Random(50, 16);
        int[] multipliers = [1, 2, 4, 8, 16];
        IReadOnlyList<AccuracyRow> accuracy = new AccuracyEstimator(new PoolEstimates(pool, 1), SamplePools.Model)
            .Estimate([BoundStrategies.Over(BoundStrategies.Pool, "majority-vote", multipliers)])[0];
        AccuracyRow[] all = [.. accuracy.Where(row => row.Difficulty == "all")];
        LawFit expected = new LogLinearLaw().Fit(
            new LawData([[.. all.Select(row => row.Flops)]], [.. all.Select(row => row.Accuracy)]));

        IReadOnlyList<FitRow> rows = Fits(pool, "majority-vote", multipliers, "log-linear", "saturating-exponential");

        Assert.That(rows[0].Value, Is.EqualTo(expected.Parameters[0]).Within(1e-4 * Math.Abs(expected.Parameters[0])));
        Assert.That(rows[1].Value, Is.EqualTo(expected.Parameters[1]).Within(1e-4 * Math.Abs(expected.Parameters[1])));
        Assert.That(
            rows.Where(row => row.Law == "saturating-exponential").Select(row => row.Parameter), Is.EqualTo(new[] { "A", "B", "tau" }));
        FitRow least = rows.MinBy(row => row.HeldOutError)!;
        Assert.That(
            rows.Where(row => row.IsChosen).Select(row => row.Law).Distinct(),
            Is.EqualTo(new[] { least.Law == "log-linear" || rows[0].HeldOutError <= least.HeldOutError + least.HeldOutStandardError
                ? "log-linear" : least.Law }),
            "both predict the accuracy of the same multipliers; log-linear has fewer parameters");
    }

    [Test]
    public void Nothing_right_leaves_the_parameters_undefined()
    {
        ProblemSamples[] pool = [.. SamplePools.Random(9, 8).Select(problem =>
            problem with { Samples = [.. problem.Samples.Select(sample => sample with { Correct = false })] })];
        IReadOnlyList<FitRow> rows = Fits(pool, "coverage", [1], "coverage", "beta-binomial");
        Assert.That(rows.Select(row => row.Value), Is.All.NaN);
        Assert.That(rows[0].Dropped, Is.EqualTo(8));
    }

    [Test]
    public void A_row_is_read_as_it_is_written()
    {
        IReadOnlyList<FitRow> rows = Fits(SamplePools.Random(20, 8), "coverage", [1], "coverage", "zero-inflated-beta-binomial");
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.csv");
        File.WriteAllBytes(path, FitTable.Csv.Write(rows));
        Assert.That(FitTable.Csv.Read(path), Is.EqualTo(rows));
        File.Delete(path);
    }
}
