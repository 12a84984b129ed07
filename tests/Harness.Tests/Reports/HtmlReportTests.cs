using System.Xml;
using System.Xml.Linq;
using Harness.Figures;
using Harness.Reports;

namespace Harness.Tests.Reports;

public sealed class HtmlReportTests
{
    static XElement Page(params ReportBlock[] blocks)
    {
        Report report = new("A < B & \"C\"", [new ReportSection(null, true, blocks), new ReportSection("more", false, [])]);
        using StringReader text = new(HtmlReport.Write(
            report, "made by a test", name => name == "a.svg" ? new Figure(name, "<svg><g/></svg>") : null));
        using XmlReader reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XElement.Load(reader);
    }

    static TextTable Rows(int count)
    {
        TextTable table = new(TextTable.Left("name"), TextTable.Right("p"), TextTable.Left(""));
        for (int row = 0; row < count; row++)
            table.Add($"<row {row}>", "0.5", "");
        return table;
    }

    [Test]
    public void Text_stays_text_in_a_well_formed_page()
    {
        XElement page = Page(new Paragraph("1 < 2 & 3"), new Warning("<script>"), new Verbatim("a\n<b>"), new Table(Rows(1)));
        Assert.That(page.Descendants("title").Single().Value, Is.EqualTo("A < B & \"C\""));
        Assert.That(page.Descendants("p").Select(p => p.Value), Is.EqualTo(new[] { "1 < 2 & 3", "Note. <script>", "made by a test" }));
        Assert.That(page.Descendants("pre").Single().Value, Is.EqualTo("a\n<b>"));
        Assert.That(page.Descendants("td").Select(cell => cell.Value), Is.EqualTo(new[] { "<row 0>", "0.5", "" }));
        Assert.That(page.Descendants("h2").Single().Value, Is.EqualTo("more"));
        Assert.That((string?)page.Attribute("lang"), Is.EqualTo("en"));
    }

    [Test]
    public void Nothing_is_asked_of_another_file_or_a_server()
    {
        XElement page = Page(new Table(Rows(9)), new Picture("a.svg"));
        Assert.That(page.DescendantsAndSelf().SelectMany(element => element.Attributes()).Select(attribute => attribute.Name.LocalName),
            Has.None.EqualTo("href").And.None.EqualTo("src"));
        Assert.That(page.Value, Does.Not.Contain("url(").And.Not.Contain("@import").And.Not.Contain("http"));
    }

    [Test]
    public void Columns_with_a_title_sort_and_numbers_are_told_from_words()
    {
        XElement head = Page(new Table(Rows(2))).Descendants("thead").Single();
        Assert.That(head.Descendants("th").Select(cell => (cell.Value, cell.Elements("button").Count(), (string?)cell.Attribute("class"))),
            Is.EqualTo(new[] { ("name", 1, null), ("p", 1, "number"), ("", 0, null) }));
    }

    [TestCase(7, 0), TestCase(8, 1)]
    public void Long_tables_are_filtered(int rows, int expected) =>
        Assert.That(Page(new Table(Rows(rows))).Descendants("input").Count(), Is.EqualTo(expected));

    [Test]
    public void A_figure_is_part_of_the_page_and_one_that_is_not_there_is_left_out() =>
        Assert.That(
            Page(new Picture("a.svg"), new Picture("b.svg")).Descendants("figure").Elements().Select(element => element.Name.LocalName),
            Is.EqualTo(new[] { "svg" }));
}
