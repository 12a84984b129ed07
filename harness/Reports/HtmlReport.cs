using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Harness.Figures;

namespace Harness.Reports;

/// <summary>
/// A report as one HTML file that opens from a mail: it names no other file and no server. A click on a column's title sorts its table, a
/// text above a long table filters its rows, the pointer over a figure shows the values of its points, as do its arrow keys, and colours
/// follow the reader's setting. It is well-formed XML too.
/// </summary>
public sealed partial class HtmlReport
{
    /// <summary>Tables of fewer rows are read whole.</summary>
    const int LeastFiltered = 8;

    readonly StringBuilder page = new();
    readonly Func<string, Figure?> figureOf;

    /// <summary>What links name each section by.</summary>
    readonly Dictionary<ReportSection, string> anchors = [];

    HtmlReport(Report report, Func<string, Figure?> figureOf)
    {
        this.figureOf = figureOf;
        HashSet<string> taken = [];
        string above = "";
        foreach (ReportSection section in report.Sections.Where(section => section.Heading is not null))
        {
            string own = section.Level > 2 ? $"{above}-{Slug(section.Heading!)}" : Slug(section.Heading!), anchor = own;
            for (int copy = 2; !taken.Add(anchor); copy++)
                anchor = $"{own}-{copy}";
            above = section.Level > 2 ? above : anchor;
            anchors.Add(section, anchor);
        }
    }

    /// <param name="note">A line at the end: which command makes the page.</param>
    /// <param name="figureOf">A figure by its file's name, which is put into the page; null where there is none.</param>
    public static string Write(Report report, string note, Func<string, Figure?> figureOf)
    {
        HtmlReport written = new(report, figureOf);
        StringBuilder page = written.page;
        page.Append($"<h1>{Escaped(report.Title)}</h1>\n");
        foreach (ReportSection section in report.Sections)
        {
            page.Append("<section>\n");
            if (section.Heading is { } heading)
                page.Append($"<h{section.Level} id=\"{written.anchors[section]}\">{Escaped(heading)}</h{section.Level}>\n");
            foreach (ReportBlock block in section.Blocks)
                written.Append(block);
            page.Append("</section>\n");
        }
        return HtmlPage.Write(report.Title, page.ToString(), note, "", Resources.Text("Reports/HtmlReport.js"));
    }

    void Append(ReportBlock block)
    {
        switch (block)
        {
            case Paragraph paragraph:
                page.Append($"<p>{WithCode(paragraph.Text)}</p>\n");
                break;
            case Entry entry:
                page.Append($"<p>{Linked(entry.Name)}: {WithCode(entry.Text)}</p>\n");
                break;
            case Warning warning:
                page.Append($"<p class=\"warning\"><strong>Note.</strong> {WithCode(warning.Text)}</p>\n");
                break;
            case Table table:
                Append(table.Content);
                break;
            case Verbatim verbatim:
                page.Append($"<pre>{Escaped(verbatim.Text)}</pre>\n");
                break;
            case Picture picture when figureOf(picture.FileName) is { } figure:
                Append(figure);
                break;
            case Picture:
                break;
            default:
                throw new InvalidOperationException($"no HTML for {block.GetType()}");
        }
    }

    void Append(Figure figure)
    {
        page.Append($"<figure>\n{figure.Svg}");
        if (figure.Points.Count > 0)
        {
            string points = ScriptData.Write(figure.Points.Select(point => new object[] { point.X, point.Y, point.Text }));
            page.Append($"<script type=\"application/json\">{points}</script>\n");
        }
        page.Append("</figure>\n");
    }

    void Append(TextTable table)
    {
        if (table.Rows.Count >= LeastFiltered)
            page.Append("<p><label>Filter rows: <input type=\"search\"/></label></p>\n");
        page.Append("<div class=\"scrolls\"><table>\n<thead><tr>");
        foreach (TableColumn column in table.Columns)
        {
            page.Append($"<th scope=\"col\"{Aligned(column)}>")
                .Append(column.Title.Length > 0 ? $"<button type=\"button\">{Escaped(column.Title)}</button>" : "").Append("</th>");
        }
        page.Append("</tr></thead>\n<tbody>\n");
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            page.Append("<tr>");
            foreach ((TableColumn column, string cell) in table.Columns.Zip(row))
                page.Append($"<td{Aligned(column)}>{Escaped(cell)}</td>");
            page.Append("</tr>\n");
        }
        page.Append("</tbody>\n</table></div>\n");
    }

    string Linked(string name)
    {
        string? anchor = anchors.FirstOrDefault(section => section.Key.Heading == name).Value;
        return anchor is null ? $"<strong>{Escaped(name)}</strong>" : $"<a href=\"#{anchor}\"><strong>{Escaped(name)}</strong></a>";
    }

    static string Aligned(TableColumn column) => column.AlignsRight ? " class=\"number\"" : "";

    static string Escaped(string text) => WebUtility.HtmlEncode(text);

    /// <summary>What stands between two backticks is code.</summary>
    static string WithCode(string text) => Code().Replace(Escaped(text), "<code>$1</code>");

    /// <summary>Letters and digits, and hyphens for all between them.</summary>
    static string Slug(string heading) => NoLetters().Replace(heading.ToLowerInvariant(), "-").Trim('-');

    [GeneratedRegex("`([^`]+)`", RegexOptions.CultureInvariant)]
    private static partial Regex Code();

    [GeneratedRegex(@"[^\p{L}\p{Nd}]+", RegexOptions.CultureInvariant)]
    private static partial Regex NoLetters();
}
