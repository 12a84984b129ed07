using Harness.Reports;
using Harness.Tests.Shared;

namespace Harness.Tests.Reports;

public sealed class MarkdownReaderTests
{
    const string Note = "made by a test";

    static IEnumerable<string> Experiments() =>
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, "results")).Select(folder => Path.GetFileName(folder)).Order();

    [TestCaseSource(nameof(Experiments))]
    public void Every_committed_report_is_written_again_as_it_was_read(string name)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "results", name, "README.md")).ReplaceLineEndings("\n");
        string note = text.Split("<!-- ")[1].Split(" -->")[0];
        Assert.That(MarkdownReport.Write(MarkdownReader.Read(text), note), Is.EqualTo(text));
    }

    [Test]
    public void Every_kind_of_block_is_read_back()
    {
        TextTable table = new(TextTable.Left("a|b"), TextTable.Right("p"), TextTable.Left(""));
        table.Add("x | y", "0.5", "");
        table.Add("", "", " two");
        Report report = new("A title",
        [
            new ReportSection(null, true, [new Paragraph("One. Two."), new Warning("Mind < this."), new Table(table)]),
            new ReportSection("Part", false, [new Verbatim("## no heading\n\n| no | table |\n"), new Picture("a.svg")]) { Level = 2 },
            new ReportSection("Within", false, []) { Level = 3 },
        ]);
        Report read = MarkdownReader.Read(MarkdownReport.Write(report, Note));
        Assert.That(read.Title, Is.EqualTo("A title"));
        Assert.That(read.Sections.Select(section => (section.Heading, section.Level, section.IsSummary, section.Blocks.Count)),
            Is.EqualTo(new[] { (null, 2, true, 3), ("Part", 2, false, 2), ("Within", 3, false, 0) }));
        Assert.That(read.Sections[0].Blocks.Take(2), Is.EqualTo(report.Sections[0].Blocks.Take(2)));
        TextTable back = ((Table)read.Sections[0].Blocks[2]).Content;
        Assert.That(back.Columns, Is.EqualTo(table.Columns));
        Assert.That(back.Rows, Is.EqualTo(table.Rows));
        Assert.That(read.Sections[1].Blocks, Is.EqualTo(report.Sections[1].Blocks));
    }

    [TestCase(""), TestCase("```\nnever closed"), TestCase("| a |"), TestCase("| a |\n|--|\n| 1 | 2 |\n|"), TestCase("![x](")]
    [TestCase("#"), TestCase("\uFEFF# title\r\n\r\ntext\r\n"), TestCase("| a \\\n|--|\n| b \\|"), TestCase("## \n### \n> **Note.** ")]
    public void What_somebody_else_wrote_is_read_too(string text) => Assert.That(
        () => HtmlReport.Write(MarkdownReader.Read(text), Note, _ => null), Throws.Nothing);
}
