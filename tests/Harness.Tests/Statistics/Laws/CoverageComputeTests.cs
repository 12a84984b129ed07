using Harness.Statistics;
using Harness.Statistics.Laws;

namespace Harness.Tests.Statistics.Laws;

public sealed class CoverageComputeTests
{
    static readonly double[] counts = [1, 4, 16];

    /// <summary>E, C and a at each k: the limit falls and the exponent grows, as Schaeffer et al. found.</summary>
    static readonly double[][] truth = [[0.9, 4e3, 0.18], [0.3, 2e5, 0.28], [0, 3e6, 0.36]];

    static readonly double[] computes = [.. Enumerable.Range(0, 10).Select(i => 1e18 * Math.Pow(3, i))];

    static LawData Points(Func<double, double, double, double> noise)
    {
        (double K, double Compute, double Coverage)[] points =
        [
            .. from place in Enumerable.Range(0, counts.Length)
               from compute in computes
               let own = truth[place]
               let coverage = Math.Exp(-own[0] - own[1] * Math.Pow(compute, -own[2]))
               select (counts[place], compute, noise(counts[place], compute, coverage)),
        ];
        return new LawData(
            [[.. points.Select(point => point.K)], [.. points.Select(point => point.Compute)]],
            [.. points.Select(point => point.Coverage)]);
    }

    static LawData Exact() => Points((_, _, coverage) => coverage);

    [Test]
    public void Points_without_noise_give_each_k_its_parameters_back()
    {
        LawData data = Exact();
        ILaw law = new CoverageComputeLaw().Over(data);
        LawFit fit = law.Fit(data);

        Assert.That(law.Parameters, Is.EqualTo(new[] { "E@1", "C@1", "a@1", "E@4", "C@4", "a@4", "E@16", "C@16", "a@16" }));
        double[] known = [.. truth.SelectMany(own => own)];
        for (int p = 0; p < known.Length; p++)
            Assert.That(fit.Parameters[p], Is.EqualTo(known[p]).Within(1e-6 * Math.Max(known[p], 1e-3)), law.Parameters[p]);
        Assert.That((fit.Points, fit.Dropped), Is.EqualTo((30, 0)));
        Assert.That(fit.Starts, Is.GreaterThanOrEqualTo(3));
        Assert.That(fit.Reached, Is.InRange(3, fit.Starts));
        Assert.That(law.Predict(fit.Parameters, [4, 1e22]), Is.EqualTo(Math.Exp(-0.3 - 2e5 * Math.Pow(1e22, -0.28))).Within(1e-9));
        Assert.That(law.Predict(fit.Parameters, [8, 1e22]), Is.NaN, "no point has this k");
    }

    [Test]
    public void Larger_models_are_held_out_and_predicted_at_every_k()
    {
        LawData data = Exact();
        HeldOutError error = HeldOutError.Of(new CoverageComputeLaw().Over(data), data, seed: 1);
        // A quarter of 30 points is 8; the models of 6 and of 9 points are whole.
        Assert.That((error.Fitted, error.Predicted), Is.EqualTo((21, 9)));
        Assert.That(error.RootMeanSquare, Is.LessThan(1e-6));
    }

    [Test]
    public void A_k_that_says_nothing_leaves_the_others_their_fit()
    {
        LawData data = Points((k, _, coverage) => k == 16 ? 1 : coverage);
        ILaw law = new CoverageComputeLaw().Over(data);
        LawFit fit = law.Fit(data);
        LawBootstrap bootstrap = LawBootstrap.Of(law, data, fit, seed: 1, resamples: 50);

        Assert.That((fit.Points, fit.Dropped), Is.EqualTo((20, 10)));
        Assert.That(fit.Parameters[..6], Has.None.NaN);
        Assert.That(fit.Parameters[6..], Is.All.NaN);
        Assert.That(bootstrap.Intervals[..6].Select(interval => interval.Low), Has.None.NaN);
        Assert.That(bootstrap.Intervals[6..], Is.All.EqualTo(Interval.Undefined));
        Assert.That(HeldOutError.Of(law, data, seed: 1).RootMeanSquare, Is.LessThan(1e-6), "of the k that have a fit");
        LawData falling = Points((_, compute, _) => 0.5 * Math.Pow(compute / 1e18, -0.1));
        Assert.That(new CoverageComputeLaw().Over(falling).Fit(falling).IsDefined, Is.False, "coverage that falls with compute");
    }

    [Test]
    public void Limits_and_coefficients_are_never_negative()
    {
        Random random = new(3);
        for (int study = 0; study < 50; study++)
        {
            LawData data = Points((_, _, coverage) => Math.Clamp(coverage + 0.1 * (random.NextDouble() - 0.5), 0.001, 0.999));
            double[] found = new CoverageComputeLaw().Over(data).Fit(data).Parameters;
            for (int p = 0; p < found.Length; p++)
                Assert.That(found[p] >= 0 || double.IsNaN(found[p]), $"{p}: {found[p]}");
        }
    }

    [Test]
    public void Intervals_hold_the_truth_as_often_as_they_say()
    {
        Random random = new(11);
        int held = 0, asked = 0;
        for (int study = 0; study < 60; study++)
        {
            // The same deviation at every k of a model, as of the problems that they share.
            Dictionary<double, double> ofModel = computes.ToDictionary(compute => compute, _ => 0.04 * (random.NextDouble() - 0.5));
            LawData data = Points((_, compute, coverage) => coverage * (1 + ofModel[compute]));
            ILaw law = new CoverageComputeLaw().Over(data);
            LawBootstrap bootstrap = LawBootstrap.Of(law, data, law.Fit(data), seed: 1, resamples: 200);
            for (int place = 0; place < counts.Length; place++)
            {
                Interval exponent = bootstrap.Intervals[3 * place + 2];
                held += exponent.Low <= truth[place][2] && truth[place][2] <= exponent.High ? 1 : 0;
                asked++;
            }
        }
        Assert.That(held, Is.InRange(0.8 * asked, asked), "a percentile interval of ten models is a little narrow");
    }
}
