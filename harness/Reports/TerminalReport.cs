namespace Harness.Reports;

/// <summary>The summary of a report as lines for a terminal.</summary>
public static class TerminalReport
{
    public static IEnumerable<string> Summary(Report report) =>
        report.Sections.Where(section => section.IsSummary).SelectMany(section => section.Blocks).SelectMany(Lines);

    static IEnumerable<string> Lines(ReportBlock block) => block switch
    {
        Paragraph paragraph => [paragraph.Text],
        Warning warning => [$"note: {warning.Text}"],
        Table table => table.Content.Lines(),
        Verbatim verbatim => verbatim.Text.Split('\n'),
        Picture picture => [picture.FileName],
        _ => throw new InvalidOperationException($"no text for {block.GetType()}"),
    };
}
