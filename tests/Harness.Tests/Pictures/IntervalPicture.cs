extern alias Builtin;

using Builtin::Harness.Pictures;
using Harness.Statistics;
using Harness.Tests.Statistics;

namespace Harness.Tests.Pictures;

/// <summary>The intervals of one result beside each other: of problems that are right or wrong, and of rates.</summary>
static class IntervalPicture
{
    const int Problems = 30;
    const ulong Seed = 1;
    const string Plain = "Right or wrong", Rates = "Rates, as of many samples a problem";

    static readonly int[] sums = [0, 2, 6, 15, 24, 28, 30];

    static IReadOnlyList<PictureLine> Lines { get; } =
    [
        new PictureLine("without anchors", 3) { Note = "percentile bootstrap", IsApart = true },
        new PictureLine("anchored", 0) { Note = "bootstrap; what we use", IsApart = true },
        new PictureLine("Wilson", 1) { Note = "of right or wrong", IsApart = true },
        new PictureLine("Bayes", 2) { Note = "Interval=\"bayes\"", IsApart = true },
    ];

    public static DrawnPicture Drawn { get; } = new(
        new Picture("intervals", "95 % intervals of the accuracy on 30 problems")
        {
            Explained =
            [
                "At 0 and at 30 the bootstrap without anchors has width zero; all others leave room for what was not seen",
                "Rates of problems vary less than right and wrong do: only a bootstrap sees that, and is narrower",
            ],
            X = new PictureAxis("problems right of 30, or the sum of their rates"),
            Y = new PictureAxis("accuracy, 95 % interval (%)") { Low = 0, High = 100 },
            Panels =
            [
                new PicturePanel(Plain, "each problem is 0 or 1", Lines) { HasWhiskers = true, MovesApart = true },
                new PicturePanel(Rates, "30 quantiles of Beta(4 m, 4 (1 - m)), m their mean", Lines)
                {
                    HasWhiskers = true,
                    MovesApart = true,
                },
            ],
        },
        Rows);

    static IEnumerable<PictureRow> Rows() => sums.SelectMany(sum => Of(Plain, sum, RightOrWrong(sum)).Concat(Of(Rates, sum, RatesOf(sum))));

    static IEnumerable<PictureRow> Of(string panel, int sum, double[] values) => Intervals(values).Zip(Lines, (interval, line) =>
        new PictureRow(panel, line.Name, sum, 100 * Mean.Of(values), 100 * interval.Low, 100 * interval.High));

    /// <summary>In the order of the lines.</summary>
    public static IEnumerable<Interval> Intervals(double[] values) =>
    [
        PlainIntervals.Bootstrap(values, Seed), AnchoredBootstrap.OfMean(values, Seed).Interval(), PlainIntervals.Wilson(values),
        BetaDistribution.Posterior(values),
    ];

    public static double[] RightOrWrong(int right) => [.. Enumerable.Range(0, Problems).Select(problem => problem < right ? 1.0 : 0)];

    static double[] RatesOf(int sum)
    {
        double mean = (double)sum / Problems;
        return sum is 0 or Problems ? RightOrWrong(sum)
            : [.. Enumerable.Range(0, Problems).Select(i => BetaDistribution.Quantile((i + 0.5) / Problems, 4 * mean, 4 * (1 - mean)))];
    }
}
