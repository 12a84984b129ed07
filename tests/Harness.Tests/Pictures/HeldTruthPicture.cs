extern alias Builtin;

using Builtin::Harness.Pictures;
using Harness.Statistics;

namespace Harness.Tests.Pictures;

/// <summary>How often an interval holds the truth: exact, as a sum over all results that 30 problems can have.</summary>
static class HeldTruthPicture
{
    const int Problems = 30;
    const string Panel = "30 problems, each right or wrong";

    static readonly string[] names = ["without anchors", "anchored", "Wilson", "Bayes"];

    public static DrawnPicture Drawn { get; } = new(
        new Picture("interval-coverage", "How often a 95 % interval holds the truth")
        {
            Explained =
            [
                "At each true accuracy the chance, over all results that 30 problems can have, that the interval of the result holds it",
                "The bootstrap without anchors misses most where a model is nearly always right or wrong; the others lie about 95 %",
            ],
            X = new PictureAxis("true accuracy (%)") { Low = 0, High = 100 },
            Y = new PictureAxis("intervals that hold the truth (%)") { Low = 0, High = 100 },
            Panels =
            [
                new PicturePanel(Panel, "exact, without simulation",
                    [
                        new PictureLine("anchored", 0) { IsPlain = true }, new PictureLine("Wilson", 1) { IsPlain = true },
                        new PictureLine("Bayes", 2) { IsPlain = true },
                        new PictureLine("without anchors", 3) { IsPlain = true, Note = "percentile bootstrap" },
                        new PictureLine("95 %", -1) { IsPlain = true, IsLevel = true },
                    ]),
            ],
        },
        Rows);

    static IEnumerable<PictureRow> Rows()
    {
        Interval[][] ofResults = [.. Enumerable.Range(0, Problems + 1).Select(
            right => IntervalPicture.Intervals(IntervalPicture.RightOrWrong(right)).ToArray())];
        for (int place = 0; place < names.Length; place++)
        {
            foreach (int percent in Enumerable.Range(1, 99))
                yield return new PictureRow(Panel, names[place], percent, 100 * Held(percent / 100.0, place, ofResults));
        }
        yield return new PictureRow(Panel, "95 %", 1, 95);
    }

    static double Held(double truth, int place, Interval[][] ofResults)
    {
        double held = 0;
        for (int right = 0; right <= Problems; right++)
        {
            double before = right == 0 ? 0 : BinomialDistribution.AtMost(right - 1, Problems, truth);
            if (ofResults[right][place].Low <= truth && truth <= ofResults[right][place].High)
                held += BinomialDistribution.AtMost(right, Problems, truth) - before;
        }
        return held;
    }
}
