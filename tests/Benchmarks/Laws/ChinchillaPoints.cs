using Harness.Kernels.Sampling;
using Harness.Statistics.Laws;

namespace Harness.Benchmarks.Laws;

/// <summary>240 made-up points of the published law with noise of 1 %.</summary>
static class ChinchillaPoints
{
    public const int Resamples = 1000;

    const int Sizes = 16, Amounts = 15;

    public static LawData Create()
    {
        ChinchillaLaw law = new();
        double[] published = [1.8172, 482.01, 2085.43, 0.3478, 0.3658];
        (double Size, double Tokens)[] points =
        [
            .. from size in Enumerable.Range(0, Sizes)
               from amount in Enumerable.Range(0, Amounts)
               select (4.4e7 * Math.Pow(1.45, size), 3e9 * Math.Pow(1.35, amount)),
        ];
        return new LawData(
            [[.. points.Select(point => point.Size)], [.. points.Select(point => point.Tokens)]],
            [.. points.Select((point, place) => law.Predict(published, [point.Size, point.Tokens])
                * (1 + 0.01 * (Philox.Block(3, (uint)place, 0, 0, 0).X0 / (double)(1L << 32) - 0.5)))]);
    }

    /// <summary>The fit of all points from its 4,500 starts, and the intervals of 1,000 refits.</summary>
    public static LawBootstrap Fit(LawData points)
    {
        ChinchillaLaw law = new();
        return LawBootstrap.Of(law, points, law.Fit(points), seed: 1, Resamples);
    }
}
