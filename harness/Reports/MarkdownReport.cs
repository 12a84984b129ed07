using System.Text;

namespace Harness.Reports;

/// <summary>A report as a Markdown page.</summary>
public static class MarkdownReport
{
    /// <param name="note">A comment under the title: which command makes the page.</param>
    public static string Write(Report report, string note)
    {
        StringBuilder text = new($"# {report.Title}\n\n<!-- {note} -->\n");
        foreach (ReportSection section in report.Sections)
        {
            if (section.Heading is { } heading)
                text.Append($"\n{new string('#', section.Level)} {heading}\n");
            foreach (ReportBlock block in section.Blocks)
                text.Append('\n').AppendJoin('\n', Lines(block)).Append('\n');
        }
        return text.ToString();
    }

    static IEnumerable<string> Lines(ReportBlock block) => block switch
    {
        Paragraph paragraph => [paragraph.Text],
        Entry entry => [$"**{entry.Name}**: {entry.Text}"],
        Warning warning => [$"> **Note.** {warning.Text}"],
        Table table => table.Content.MarkdownLines(),
        Verbatim verbatim => ["```", .. verbatim.Text.Split('\n'), "```"],
        Picture picture => [$"![{Path.GetFileNameWithoutExtension(picture.FileName).Replace('-', ' ')}]({picture.FileName})"],
        _ => throw new InvalidOperationException($"no Markdown for {block.GetType()}"),
    };
}
