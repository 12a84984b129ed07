extern alias Builtin;

using System.Text.RegularExpressions;
using System.Xml.Linq;
using Builtin::Harness.Figures;

namespace Harness.Tests.Figures;

/// <summary>What holds for every figure, tried on those that are hard to draw.</summary>
[TestFixture]
sealed class HardFiguresTests
{
    static IEnumerable<TestCaseData> HardFigures() =>
        FigureRows.Hard().Select(hard => new TestCaseData(hard.Figure).SetArgDisplayNames(hard.Name));

    [TestCaseSource(nameof(HardFigures))]
    public void Figure_is_well_formed_and_says_what_it_is(Figure figure)
    {
        DrawnFigure drawn = new(figure.Svg);

        Assert.Multiple(() =>
        {
            Assert.That(FigureRenderer.NamedIn(figure.Svg), Is.EqualTo(FigureRenderer.Name));
            Assert.That(drawn.Root.Elements().First().Value, Is.Not.Empty);
            Assert.That(drawn.Root.Elements().Single(part => part.Name.LocalName == "desc").Value, Does.Contain("against"));
            Assert.That(drawn.Root.Elements().Single(part => part.Name.LocalName == "style").Value, Does.Contain(Theme.Style));
            Assert.That(figure.Svg, Does.Not.Contain("\r").And.Not.Contain("NaN").And.Not.Contain("∞"));
            Assert.That(figure.Svg, Does.EndWith("</svg>\n"));
        });
    }

    [TestCaseSource(nameof(HardFigures))]
    public void Data_lie_within_the_axes_and_texts_within_the_page(Figure figure)
    {
        DrawnFigure drawn = new(figure.Svg);

        Assert.Multiple(() =>
        {
            foreach (DrawnPanel panel in drawn.Panels)
            {
                Assert.That(panel.Markers, Is.Not.Empty);
                foreach (Mark mark in panel.Data)
                    Assert.That(panel.Area.Contains(mark.Bounds), $"{mark} in {panel.Area}");
            }
            foreach (XElement text in TextsOf(drawn))
                Assert.That(drawn.Page.Contains(DrawnFigure.BoxOf(text)), $"'{text.Value}' at {DrawnFigure.BoxOf(text)}");
        });
    }

    [TestCaseSource(nameof(HardFigures))]
    public void No_text_lies_on_another_or_on_data(Figure figure)
    {
        DrawnFigure drawn = new(figure.Svg);
        (string Text, Box Box)[] texts = [.. TextsOf(drawn).Select(text => (text.Value, DrawnFigure.BoxOf(text)))];

        Assert.Multiple(() =>
        {
            for (int i = 0; i < texts.Length; i++)
            {
                for (int j = 0; j < i; j++)
                    Assert.That(texts[i].Box.Overlaps(texts[j].Box), Is.False, $"'{texts[i].Text}' on '{texts[j].Text}'");
                foreach (Mark mark in drawn.Panels.SelectMany(panel => panel.Data))
                    Assert.That(texts[i].Box.Overlaps(mark.Bounds), Is.False, $"'{texts[i].Text}' on data");
            }
        });
    }

    /// <summary>The reader's program finds each colour of the drawing in the style element.</summary>
    [TestCaseSource(nameof(HardFigures))]
    public void Every_colour_has_its_form_for_dark_pages(Figure figure)
    {
        string[] colours = [.. Regex.Matches(figure.Svg, "(?:fill|stroke)=\"([^\"]+)\"").Select(match => match.Groups[1].Value)
            .Where(colour => colour != "none").Distinct()];

        Assert.That(colours, Is.SubsetOf(Theme.All.Select(tint => tint.Light)));
    }

    [TestCaseSource(nameof(HardFigures))]
    public void Panel_has_at_most_four_lines_and_two_levels_labelled_by_final_height(Figure figure)
    {
        foreach (DrawnPanel panel in new DrawnFigure(figure.Svg).Panels)
        {
            string[] strokes =
                [.. DrawnFigure.OfClass(panel.Element, "symbol").Select(symbol => (string)symbol.Attribute("stroke-width")!)];
            Assert.That(strokes.Count(width => width == "3"), Is.LessThanOrEqualTo(Panel.MostLines));
            Assert.That(strokes, Has.Length.LessThanOrEqualTo(Panel.MostLines + Panel.MostLevels));
            double[] ends = [.. DrawnFigure.OfClass(panel.Element, "leader").Select(leader => DrawnFigure.MarksOf(
                new XElement("g", leader)).Single().Points[0].Y)];
            Assert.That(ends, Is.Ordered.Ascending);
        }
    }

    [TestCaseSource(nameof(HardFigures))]
    public void Numbers_have_at_most_two_decimals(Figure figure) =>
        Assert.That(figure.Svg, Does.Not.Match("[0-9]\\.[0-9]{3}"));

    static IEnumerable<XElement> TextsOf(DrawnFigure drawn) => drawn.Root.Descendants().Where(element => element.Name.LocalName == "text");
}
