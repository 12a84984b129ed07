using System.Net;
using System.Text;

namespace Harness.Reports;

/// <summary>
/// A report as one HTML file that opens from a mail: it names no other file and no server. A click on a column's title sorts its table, a
/// text above a long table filters its rows, and colours follow the reader's setting. It is well-formed XML too.
/// </summary>
public static class HtmlReport
{
    /// <summary>Tables of fewer rows are read whole.</summary>
    const int LeastFiltered = 8;

    /// <param name="note">A line at the end: which command makes the page.</param>
    /// <param name="svgOf">The text of a figure by its file's name, which is put into the page; null where there is none.</param>
    public static string Write(Report report, string note, Func<string, string?> svgOf)
    {
        StringBuilder page = new();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
            .Append($"<title>{Escaped(report.Title)}</title>\n<style>\n{Resource("HtmlReport.css")}</style>\n</head>\n<body>\n<main>\n")
            .Append($"<h1>{Escaped(report.Title)}</h1>\n");
        foreach (ReportSection section in report.Sections)
        {
            page.Append("<section>\n");
            if (section.Heading is { } heading)
                page.Append($"<h2>{Escaped(heading)}</h2>\n");
            foreach (ReportBlock block in section.Blocks)
                Append(page, block, svgOf);
            page.Append("</section>\n");
        }
        return page.Append($"</main>\n<footer><p>{Escaped(note)}</p></footer>\n")
            .Append($"<script>\n//<![CDATA[\n{Resource("HtmlReport.js")}//]]>\n</script>\n</body>\n</html>\n").ToString();
    }

    static void Append(StringBuilder page, ReportBlock block, Func<string, string?> svgOf)
    {
        switch (block)
        {
            case Paragraph paragraph:
                page.Append($"<p>{Escaped(paragraph.Text)}</p>\n");
                break;
            case Warning warning:
                page.Append($"<p class=\"warning\"><strong>Note.</strong> {Escaped(warning.Text)}</p>\n");
                break;
            case Table table:
                Append(page, table.Content);
                break;
            case Verbatim verbatim:
                page.Append($"<pre>{Escaped(verbatim.Text)}</pre>\n");
                break;
            case Picture picture when svgOf(picture.FileName) is { } svg:
                page.Append($"<figure>\n{svg}</figure>\n");
                break;
            case Picture:
                break;
            default:
                throw new InvalidOperationException($"no HTML for {block.GetType()}");
        }
    }

    static void Append(StringBuilder page, TextTable table)
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

    static string Aligned(TableColumn column) => column.AlignsRight ? " class=\"number\"" : "";

    static string Escaped(string text) => WebUtility.HtmlEncode(text);

    static string Resource(string name)
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream($"Reports/{name}")
            ?? throw new InvalidOperationException($"the resource {name} is missing");
        using StreamReader text = new(stream);
        return text.ReadToEnd().ReplaceLineEndings("\n");
    }
}
