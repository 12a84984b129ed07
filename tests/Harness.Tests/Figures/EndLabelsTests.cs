extern alias Builtin;

using Builtin::Harness.Figures;

namespace Harness.Tests.Figures;

[TestFixture]
sealed class EndLabelsTests
{
    static readonly PlotArea Area = new(50, 100, 300, 240, AxisScale.AtValues("k", [1, 64], 300), AxisScale.FromZero("%", 100));

    [Test]
    public void Labels_keep_their_lines_heights_where_there_is_room()
    {
        IReadOnlyList<EndLabel> labels = EndLabels.Place(PanelOf((90, ""), (10, ""), (50, "note")), Area, 200);

        Assert.That(labels.Select(label => label.Series.Name), Is.EqualTo(new[] { "0", "2", "1" }));
        Assert.That(
            labels.Select(label => label.Middle), Is.EqualTo(new[] { Area.PixelY(90), Area.PixelY(50), Area.PixelY(10) }).Within(1e-9));
    }

    [Test]
    public void Labels_of_equal_lines_stand_around_their_height()
    {
        IReadOnlyList<EndLabel> labels = EndLabels.Place(PanelOf((50, ""), (50, ""), (50, "")), Area, 200);

        Assert.That(labels[1].Middle, Is.EqualTo(Area.PixelY(50)).Within(1e-9));
    }

    /// <summary>Never over one another, never out of the panel, in the order of the lines' ends; seeded.</summary>
    [Test]
    public void Labels_never_overlap()
    {
        Random random = new(1);
        for (int round = 0; round < 2000; round++)
        {
            bool crowded = random.Next(2) == 0;
            Panel panel = PanelOf([.. Enumerable.Range(0, random.Next(1, 9)).Select(_ =>
                (crowded ? 95 + 5 * random.NextDouble() : 100 * random.NextDouble(), random.Next(2) == 0 ? "note" : ""))]);

            IReadOnlyList<EndLabel> labels = EndLabels.Place(panel, Area, 200);

            Assert.That(labels.Select(label => label.Series.End.Y), Is.Ordered.Descending);
            for (int i = 0; i < labels.Count; i++)
            {
                (double top, double bottom) = (labels[i].Middle - labels[i].Height / 2, labels[i].Middle + labels[i].Height / 2);
                Assert.That(top, Is.GreaterThanOrEqualTo(i == 0 ? Area.Top : labels[i - 1].Middle + labels[i - 1].Height / 2 - 1e-9));
                Assert.That(bottom, Is.LessThanOrEqualTo(Area.Bottom + 1e-9));
            }
        }
    }

    static Panel PanelOf(params (double Height, string Note)[] lines) => new("", "", [.. lines.Select((line, index) =>
        new Series($"{index}", Theme.Ink, default, [new SeriesPoint(0, line.Height, double.NaN, double.NaN)])
        {
            Note = line.Note,
        })]);
}
