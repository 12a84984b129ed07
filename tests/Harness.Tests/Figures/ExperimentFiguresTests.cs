extern alias Builtin;

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Builtin::Harness.Figures;
using Builtin::Harness.Records;
using static Harness.Tests.Figures.FigureRows;

namespace Harness.Tests.Figures;

[TestFixture]
sealed class ExperimentFiguresTests
{
    static readonly ThroughputPoint[] Speeds = [new(1, 310, 300, 321), new(16, 3300, 3100, 3350), new(64, 7900, 7600, 8000)];

    static IEnumerable<Figure> AllFigures() =>
        [.. ExperimentFigures.Draw(Experiment(), "What a vote buys"), ExperimentFigures.ThroughputAgainstBatch(Speeds, "Throughput")!];

    [TestCase("accuracy.svg", "5a4df940eb5562a6")]
    [TestCase("accuracy-flops.svg", "2f2d40d9a90fb895")]
    [TestCase("coverage.svg", "757e57e73da9d966")]
    [TestCase("throughput.svg", "a1e1dbe598106c4e")]
    public void Figure_has_the_committed_bytes(string fileName, string hash)
    {
        Figure figure = AllFigures().Single(drawn => drawn.FileName == fileName);

        string actual = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(figure.Svg)))[..16];

        Assert.That(actual, Is.EqualTo(hash), "a change of the drawing raises the version in harness/Figures/ScottPlot/ScottPlot.csproj");
    }

    [TestCaseSource(nameof(AllFigures))]
    public void Figure_is_well_formed_and_says_what_it_is(Figure figure)
    {
        XElement root = XDocument.Parse(figure.Svg).Root!;

        Assert.Multiple(() =>
        {
            Assert.That(FigureRenderer.NamedIn(figure.Svg), Is.EqualTo("builtin 1"));
            Assert.That(Elements(root, "title").First().Value, Is.Not.Empty);
            Assert.That(Elements(root, "desc").Single().Value, Does.Contain("against"));
            Assert.That(figure.Svg, Does.Not.Contain("\r").And.Not.Contain("NaN").And.Not.Contain("∞"));
            Assert.That(figure.Svg, Does.EndWith("</svg>\n"));
            Assert.That(figure.HasLabels);
        });
    }

    [TestCaseSource(nameof(AllFigures))]
    public void Everything_drawn_lies_within_the_figure_and_data_within_the_axes(Figure figure)
    {
        XElement root = XDocument.Parse(figure.Svg).Root!;
        XElement frame = Elements(Elements(root, "clipPath").Single(), "rect").Single();
        (double left, double top) = (Number(frame, "x"), Number(frame, "y"));
        (double right, double bottom) = (left + Number(frame, "width"), top + Number(frame, "height"));
        (double X, double Y)[] data = [.. Points(OfClass(root, "data").Single())];

        Assert.Multiple(() =>
        {
            Assert.That(data, Is.Not.Empty);
            Assert.That(data.All(point => point.X > left && point.X < right && point.Y > top && point.Y < bottom));
            Assert.That(Points(root).All(point => point.X is >= 0 and <= 800 && point.Y is >= 0 and <= 450));
        });
    }

    [Test]
    public void Every_strategy_is_a_line_named_in_the_legend()
    {
        string svg = ExperimentFigures.AccuracyAgainstMultiplier(Experiment(), "t")!.Svg;

        Assert.That(LegendOf(svg), Is.EqualTo(new[]
        {
            "best-of-n (think)", "coverage (think)", "majority-vote (think)", "single (direct)",
        }));
        Assert.That(SeriesOf(svg).Select(series => Elements(series, "title").Single().Value), Is.EqualTo(LegendOf(svg)));
        Assert.That(SeriesOf(svg).Select(MarkersOf), Is.EqualTo(new[] { 7, 7, 7, 1 }));
    }

    [Test]
    public void Only_pool_goes_without_saying() =>
        Assert.That(
            LegendOf(ExperimentFigures.AccuracyAgainstMultiplier([Row("single", 1, .5)], "t")!.Svg),
            Is.EqualTo(new[] { "single" }));

    [Test]
    public void One_strategy_over_two_pools_keeps_its_colour_and_differs_in_marker_and_label()
    {
        AccuracyRow[] rows =
        [
            Row("majority-vote", 1, .3), Row("majority-vote", 2, .4),
            .. new[] { 1, 2 }.Select(k => Row("majority-vote", k, .1 * k, "direct")),
        ];

        string svg = ExperimentFigures.AccuracyAgainstMultiplier(rows, "t")!.Svg;

        Assert.That(LegendOf(svg), Is.EqualTo(new[] { "majority-vote (direct)", "majority-vote (think)" }));
        Assert.That(SeriesOf(svg).Select(ColourOf).Distinct().Count(), Is.EqualTo(1));
        Assert.That(SeriesOf(svg).Select(series => series.Elements().Last().Name.LocalName), Is.EqualTo(new[] { "circle", "polygon" }));
    }

    [Test]
    public void Strategy_has_the_same_colour_in_every_figure()
    {
        string[] colours = [.. ExperimentFigures.Draw(Experiment(), "t").Take(2).Select(figure =>
            ColourOf(SeriesOf(figure.Svg).Single(series => series.Value.Contains("majority-vote"))))];

        Assert.That(colours[0], Is.EqualTo(colours[1]));
    }

    [Test]
    public void Order_of_the_rows_changes_no_byte()
    {
        AccuracyRow[] rows = Experiment();

        IEnumerable<Figure> drawn = ExperimentFigures.Draw([.. rows.Reverse()], "t");

        Assert.That(drawn, Is.EqualTo(ExperimentFigures.Draw(rows, "t")));
    }

    [Test]
    public void Changed_row_changes_the_figure()
    {
        AccuracyRow[] rows = Experiment();
        AccuracyRow[] changed = [rows[0] with { Accuracy = rows[0].Accuracy + .01 }, .. rows[1..]];

        Figure? drawn = ExperimentFigures.AccuracyAgainstMultiplier(changed, "t");

        Assert.That(drawn, Is.Not.EqualTo(ExperimentFigures.AccuracyAgainstMultiplier(rows, "t")));
    }

    [Test]
    public void Row_without_a_value_is_left_out()
    {
        AccuracyRow[] rows = [Row("coverage", 1, .5), Row("coverage", 2, double.NaN), Row("coverage", 4, .7)];

        string svg = ExperimentFigures.Coverage(rows, "t")!.Svg;

        Assert.That(svg, Is.EqualTo(ExperimentFigures.Coverage([rows[0], rows[2]], "t")!.Svg));
        Assert.That(MarkersOf(SeriesOf(svg).Single()), Is.EqualTo(2));
    }

    [Test]
    public void Row_without_an_interval_keeps_its_point_and_loses_its_band()
    {
        AccuracyRow[] rows = [Row("a", 1, .5), Row("a", 2, .6), Row("a", 4, .7) with { CiLow = double.NaN, CiHigh = double.NaN }];

        string svg = ExperimentFigures.AccuracyAgainstMultiplier(rows, "t")!.Svg;

        Assert.That(MarkersOf(SeriesOf(svg).Single()), Is.EqualTo(3));
        Assert.That(Bands(svg).Single().Split(' '), Has.Length.EqualTo(4));
    }

    [Test]
    public void Row_without_operations_is_left_out_of_their_axis()
    {
        Assert.That(ExperimentFigures.AccuracyAgainstFlops([Row("a", 1, .5, flops: 0)], "t"), Is.Null);
        Assert.That(ExperimentFigures.AccuracyAgainstMultiplier([Row("a", 1, .5, flops: 0)], "t"), Is.Not.Null);
    }

    [Test]
    public void Nothing_to_draw_gives_no_figure()
    {
        Assert.That(ExperimentFigures.Draw([], "t"), Is.Empty);
        Assert.That(ExperimentFigures.Draw([Row("coverage", 1, double.NaN)], "t"), Is.Empty);
        Assert.That(ExperimentFigures.ThroughputAgainstBatch([], "t"), Is.Null);
        Assert.That(
            ExperimentFigures.Draw([Row("single", 1, .5)], "t").Select(figure => figure.FileName),
            Is.EqualTo(new[] { "accuracy.svg", "accuracy-flops.svg" }));
    }

    [TestCase(0)]
    [TestCase(.5)]
    [TestCase(1)]
    public void Accuracy_that_never_changes_is_a_level_line_within_the_axes(double accuracy)
    {
        AccuracyRow[] rows = [Row("a", 1, accuracy), Row("a", 2, accuracy), Row("a", 4, accuracy)];

        foreach (Figure figure in ExperimentFigures.Draw(rows, "t"))
        {
            Everything_drawn_lies_within_the_figure_and_data_within_the_axes(figure);
            double[] heights = [.. Elements(SeriesOf(figure.Svg).Single(), "circle").Select(circle => Number(circle, "cy"))];
            Assert.That(heights.Distinct().Count(), Is.EqualTo(1));
        }
    }

    [Test]
    public void Single_point_has_a_whisker_and_no_band()
    {
        string svg = ExperimentFigures.AccuracyAgainstMultiplier([Row("single", 1, .5)], "t")!.Svg;

        Assert.That(Bands(svg), Is.Empty);
        Assert.That(XDocument.Parse(svg).Descendants().Count(part => part.Name.LocalName == "polyline"), Is.EqualTo(1));
    }

    [Test]
    public void Coverage_of_one_pool_is_drawn_by_difficulty_in_numeric_order() =>
        Assert.That(
            LegendOf(ExperimentFigures.Coverage(Experiment(), "t")!.Svg),
            Is.EqualTo(new[] { "all difficulties", "difficulty 3", "difficulty 10" }));

    [Test]
    public void Coverage_of_several_pools_is_drawn_by_pool() =>
        Assert.That(
            LegendOf(ExperimentFigures.Coverage([.. Experiment(), Row("coverage", 1, .1, "direct")], "t")!.Svg),
            Is.EqualTo(new[] { "think", "direct" }));

    [Test]
    public void Markup_in_names_is_text()
    {
        string svg = ExperimentFigures.AccuracyAgainstMultiplier([Row("a<b>&\"c\"", 1, .5)], "<script> & more")!.Svg;

        XElement root = XDocument.Parse(svg).Root!;
        Assert.That(Elements(root, "title").First().Value, Is.EqualTo("<script> & more"));
        Assert.That(LegendOf(svg), Is.EqualTo(new[] { "a<b>&\"c\"" }));
    }

    [Test]
    public void Long_title_is_cut_in_the_drawing_and_whole_in_the_title_element()
    {
        string title = string.Concat(Enumerable.Repeat("a long title ", 12));

        XElement root = XDocument.Parse(ExperimentFigures.AccuracyAgainstMultiplier([Row("a", 1, .5)], title)!.Svg).Root!;

        Assert.That(Elements(root, "title").First().Value, Is.EqualTo(title));
        Assert.That(OfClass(root, "title").Single().Value, Has.Length.EqualTo(60).And.EndsWith("…"));
    }

    static IEnumerable<XElement> Elements(XElement root, string name) =>
        root.Descendants().Where(element => element.Name.LocalName == name);

    static IEnumerable<XElement> OfClass(XElement root, string name) =>
        root.Descendants().Where(element => (string?)element.Attribute("class") == name);

    static XElement[] SeriesOf(string svg) =>
        [.. OfClass(XElement.Parse(svg), "series").Where(group => Elements(group, "title").Any())];

    static string ColourOf(XElement series) => (string)Elements(series, "polyline").Single().Attribute("stroke")!;

    static int MarkersOf(XElement series) => series.Elements().Count(part => part.Name.LocalName is "circle" or "polygon");

    static string[] Bands(string svg) =>
        [.. OfClass(XElement.Parse(svg), "band").Select(part => (string)part.Attribute("points")!)];

    static string[] LegendOf(string svg) =>
        [.. Elements(OfClass(XElement.Parse(svg), "legend").Single(), "text").Select(text => text.Value)];

    static IEnumerable<(double X, double Y)> Points(XElement root)
    {
        foreach (XElement element in root.DescendantsAndSelf())
        {
            foreach ((string x, string y) in new[] { ("x", "y"), ("cx", "cy"), ("x1", "y1"), ("x2", "y2") })
            {
                if (element.Attribute(x) is not null)
                    yield return (Number(element, x), Number(element, y));
            }
            foreach (string pair in ((string?)element.Attribute("points") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                yield return (Parse(pair.Split(',')[0]), Parse(pair.Split(',')[1]));
        }
    }

    static double Number(XElement element, string attribute) => Parse((string)element.Attribute(attribute)!);

    static double Parse(string number) => double.Parse(number, CultureInfo.InvariantCulture);
}
