extern alias Builtin;

using Builtin::Harness.Pictures;
using Harness.Statistics;

namespace Harness.Tests.Pictures;

/// <summary>Eight comparisons that are made together.</summary>
static class HolmPicture
{
    const string Panel = "Eight comparisons made together, the smallest p first";

    static readonly (int Won, int Lost)[] pairs = [(19, 2), (18, 3), (18, 4), (17, 4), (16, 4), (16, 5), (15, 5), (15, 6)];

    public static DrawnPicture Drawn { get; } = new(
        new Picture("holm", "Holm's adjustment: many tests, one chance of a false alarm")
        {
            Explained =
            [
                "Each of eight tests alone may reject 5 times in 100 where nothing differs: one of them does so up to 34 times.",
                "Alone, seven of these would be called changed; adjusted for each other, five",
            ],
            X = new PictureAxis("comparison (problems that only the first, and only the second, got right)")
            {
                Places = [.. pairs.Select(pair => $"{pair.Won} : {pair.Lost}")],
            },
            Y = new PictureAxis("p (%)") { Low = 0 },
            Panels =
            [
                new PicturePanel(Panel, "p of the exact McNemar test",
                    [
                        new PictureLine("p alone", 1), new PictureLine("Holm", 0) { Note = "adjusted; what we use" },
                        new PictureLine("5 %", -1) { IsPlain = true, IsLevel = true },
                    ]),
            ],
        },
        Rows);

    static IEnumerable<PictureRow> Rows()
    {
        double[] alone = [.. pairs.Select(pair => McNemar.PValue(pair.Won, pair.Lost))], adjusted = Holm.Adjust(alone);
        for (int place = 0; place < pairs.Length; place++)
        {
            yield return new PictureRow(Panel, "p alone", place, 100 * alone[place]);
            yield return new PictureRow(Panel, "Holm", place, 100 * adjusted[place]);
        }
        yield return new PictureRow(Panel, "5 %", 0, 5);
    }
}
