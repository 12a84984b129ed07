namespace Harness.Reports;

/// <summary>A report as lines for a terminal.</summary>
public static class TerminalReport
{
    /// <summary>The sections that summarise it, without headings.</summary>
    public static IEnumerable<string> Summary(Report report) =>
        report.Sections.Where(section => section.IsSummary).SelectMany(section => section.Blocks).SelectMany(Lines);

    /// <summary>All of it: sections under their headings, blocks with an empty line between them.</summary>
    public static IEnumerable<string> Lines(Report report)
    {
        yield return report.Title;
        foreach (ReportSection section in report.Sections)
        {
            if (section.Heading is { } heading)
            {
                yield return "";
                yield return heading;
            }
            foreach (ReportBlock block in section.Blocks)
            {
                yield return "";
                foreach (string line in Lines(block))
                    yield return line;
            }
        }
    }

    /// <summary>Writes all of it.</summary>
    public static void Write(Report report, TextWriter output)
    {
        foreach (string line in Lines(report))
            output.WriteLine(line);
    }

    static IEnumerable<string> Lines(ReportBlock block) => block switch
    {
        Paragraph paragraph => [paragraph.Text],
        Entry entry => [$"{entry.Name}: {entry.Text}"],
        Warning warning => [$"note: {warning.Text}"],
        Table table => table.Content.Lines(),
        Verbatim verbatim => verbatim.Text.Split('\n'),
        Picture picture => [picture.FileName],
        _ => throw new InvalidOperationException($"no text for {block.GetType()}"),
    };
}
