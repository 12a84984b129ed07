using System.Diagnostics;
using System.Globalization;
using Harness.Statistics.Laws;
using Harness.Tests.Shared;

namespace Harness.Tests.Statistics.Laws;

public sealed class ChinchillaTests
{
    [Test]
    public void Projection_recovers_the_published_law_from_points_without_noise()
    {
        ProjectedChinchillaLaw law = new();
        double[] truth = [1.69, 406.4, 410.7, 0.34, 0.28];
        (double N, double D)[] grid =
        [
            .. from i in Enumerable.Range(0, 8)
               from j in Enumerable.Range(0, 16)
               select (4e7 * Math.Pow(2, i), 1e9 * Math.Pow(1.6, j)),
        ];
        LawFit fit = law.Fit(new LawData(
            [[.. grid.Select(point => point.N)], [.. grid.Select(point => point.D)]],
            [.. grid.Select(point => law.Predict(truth, [point.N, point.D]))]));
        for (int p = 0; p < truth.Length; p++)
            Assert.That(fit.Parameters[p], Is.EqualTo(truth[p]).Within(1e-6 * truth[p]), law.Parameters[p]);
    }

    [Test]
    public void A_term_that_the_data_do_not_have_is_not_negative()
    {
        ProjectedChinchillaLaw law = new();
        (double N, double D)[] grid =
        [
            .. from i in Enumerable.Range(0, 6)
               from j in Enumerable.Range(0, 6)
               select (1e8 * (1 + i), 1e9 * (1 + j)),
        ];
        LawFit fit = law.Fit(new LawData(
            [[.. grid.Select(point => point.N)], [.. grid.Select(point => point.D)]],
            [.. grid.Select(point => 2 + 100 * Math.Pow(point.N, -0.3) - 5 * Math.Pow(point.D, -0.3))]));
        Assert.That(fit.Parameters.Take(3), Is.All.GreaterThanOrEqualTo(0));
    }

    /// <summary>Besiroglu et al. 2024 read these points off figure 4 of Hoffmann et al.; the best of their 4,500 starts is known.</summary>
    [Test]
    public void Huber_reaches_the_known_best_on_the_published_points()
    {
        LawData data = Published();
        ChinchillaLaw law = new();
        var watch = Stopwatch.StartNew();
        LawFit fit = law.Fit(data);
        TestContext.Out.WriteLine($"{watch.ElapsedMilliseconds} ms for {fit.Starts} starts, {fit.Reached} at the best");

        Assert.That(fit.Loss, Is.LessThanOrEqualTo(0.0010182741));
        Assert.That(fit.Parameters[0], Is.EqualTo(1.817236).Within(1e-4));
        Assert.That(fit.Parameters[1], Is.EqualTo(477.84).Within(1).Percent);
        Assert.That(fit.Parameters[2], Is.EqualTo(2143.86).Within(1).Percent);
        Assert.That(fit.Parameters[3], Is.EqualTo(0.347313).Within(1e-3));
        Assert.That(fit.Parameters[4], Is.EqualTo(0.367183).Within(1e-3));
        Assert.That((fit.Points, fit.Starts), Is.EqualTo((240, 4500)));
        Assert.That(fit.Reached, Is.InRange(1500, 3500));
    }

    [Test]
    public void Refits_of_the_published_points_spread_as_their_authors_found()
    {
        LawData data = Published();
        ChinchillaLaw law = new();
        LawFit near = law.Fit(data, new LawFit([1.8, 480, 2100, 0.35, 0.37], 1, 240, 0, 1, 1));
        LawBootstrap bootstrap = LawBootstrap.Of(law, data, near, seed: 1, resamples: 200);

        Assert.That(near.Loss, Is.LessThanOrEqualTo(0.0010182741), "started near the best");
        Assert.That(bootstrap.Undefined, Is.Zero);
        // Their table has standard errors of .03 (E), .02 (alpha) and .02 (beta); an interval is about four of them.
        Assert.That(Width(0), Is.InRange(0.06, 0.2));
        Assert.That(Width(3), Is.InRange(0.03, 0.12));
        Assert.That(Width(4), Is.InRange(0.03, 0.12));

        double Width(int parameter) => bootstrap.Intervals[parameter].High - bootstrap.Intervals[parameter].Low;
    }

    static LawData Published()
    {
        string file = Repository.Data("data/chinchilla/figure4.csv");
        double[][] rows =
        [
            .. File.ReadLines(file).Skip(1)
                .Select(line => line.Split(',').Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray())
                .OrderBy(row => row[2]).Take(240),
        ];
        return new LawData(
            [[.. rows.Select(row => row[0])], [.. rows.Select(row => row[1] / 6 / row[0])]], [.. rows.Select(row => row[2])]);
    }
}
