using System.Net;
using System.Text;

namespace Harness.Reports;

/// <summary>What every page has: its frame, its style and its script, all in the one file.</summary>
public static class HtmlPage
{
    /// <param name="title">Plain text.</param>
    /// <param name="body">Well-formed HTML.</param>
    /// <param name="note">A line at the end: which command makes the page.</param>
    /// <param name="style">What it has beside the style of all pages.</param>
    public static string Write(string title, string body, string note, string style, string script) => new StringBuilder()
        .Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
        .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
        .Append($"<title>{WebUtility.HtmlEncode(title)}</title>\n<style>\n{Resources.Text("Reports/HtmlPage.css")}{style}</style>\n")
        .Append("</head>\n<body>\n<main>\n")
        .Append(body)
        .Append($"</main>\n<footer><p>{WebUtility.HtmlEncode(note)}</p></footer>\n")
        .Append($"<script>\n//<![CDATA[\n{script}//]]>\n</script>\n</body>\n</html>\n").ToString();
}
