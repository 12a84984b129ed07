using Harness.Statistics.Laws;

namespace Harness.Tests.Statistics.Laws;

public sealed class IsoFlopTests
{
    static readonly IsoFlopLaw Law = new();
    static readonly double[] Published = [1.69, 406.4, 410.7, 0.34, 0.28];

    [Test]
    public void Parabolas_without_noise_give_their_law_back()
    {
        LawData data = Grid(8, 16, spread: 10, (budget, size) =>
        {
            double off = Math.Log(size) - Math.Log(0.3 * Math.Pow(budget, 0.46));
            return 2 + 1e3 / Math.Pow(budget, 0.15) + 0.05 * off * off;
        });
        LawFit fit = Law.Fit(data);
        Assert.That(fit.Parameters[0], Is.EqualTo(0.3).Within(1e-9));
        Assert.That(fit.Parameters[1], Is.EqualTo(0.46).Within(1e-10));
        Assert.That((fit.Points, fit.Dropped), Is.EqualTo((128, 0)));
    }

    /// <summary>
    /// Points of the published law without noise, 8 budgets from 6e18 to 4e21 and 16 sizes at each, up to so many times smaller and larger
    /// than the best one times C^drift. The best size is G C^a with a = .28 / (.34 + .28). docs/command-line.md quotes the bias.
    /// </summary>
    [TestCase(3, 0, 0.451613, 1.0082)]
    [TestCase(10, 0, 0.451613, 1.0365)]
    [TestCase(10, 0.1, 0.450373, 1.0350)]
    [TestCase(10, -0.1, 0.452853, 1.0350)]
    public void Parabolas_of_the_published_law_are_biased(double spread, double drift, double exponent, double share)
    {
        LawFit fit = Law.Fit(Grid(8, 16, spread, LossAt, budget => BestSize(budget) * Math.Pow(budget / Middle, drift)));
        double best = fit.Parameters[0] * Math.Pow(Middle, fit.Parameters[1]) / BestSize(Middle);
        Assert.That(fit.Parameters[1], Is.EqualTo(exponent).Within(1e-6));
        Assert.That(best, Is.EqualTo(share).Within(1e-4), "at the middle budget");
    }

    /// <summary>The geometric mean of the budgets.</summary>
    static readonly double Middle = 6e18 * Math.Pow(2.5, 3.5);

    static double LossAt(double budget, double size) => new ProjectedChinchillaLaw().Predict(Published, [size, budget / 6 / size]);

    static double BestSize(double budget) => Math.Pow(0.34 * 406.4 / (0.28 * 410.7), 1 / 0.62) * Math.Pow(budget / 6, 0.28 / 0.62);

    static LawData Grid(
        int budgets, int sizes, double spread, Func<double, double, double> loss, Func<double, double>? centre = null)
    {
        (double Budget, double Size)[] points =
        [
            .. from i in Enumerable.Range(0, budgets)
               let budget = 6e18 * Math.Pow(2.5, i)
               from j in Enumerable.Range(0, sizes)
               select (budget, (centre?.Invoke(budget) ?? 0.3 * Math.Pow(budget, 0.46)) * Math.Pow(spread, 2.0 * j / (sizes - 1) - 1)),
        ];
        return new LawData(
            [[.. points.Select(point => point.Budget)], [.. points.Select(point => point.Size)]],
            [.. points.Select(point => loss(point.Budget, point.Size))]);
    }
}
