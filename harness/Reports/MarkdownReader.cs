using System.Text;

namespace Harness.Reports;

/// <summary>
/// Reads what <see cref="MarkdownReport"/> writes back into a report. Of any other text every line is kept too: what is not known for
/// something else is a paragraph.
/// </summary>
public static class MarkdownReader
{
    const string Title = "# ", Fence = "```", Note = "> **Note.** ", Row = "| ", Comment = "<!-- ", Figure = "![";

    public static Report Read(string text)
    {
        string title = "";
        List<ReportSection> sections = [];
        List<ReportBlock> blocks = [];
        (string? heading, int level) = (null, 2);
        Queue<string> lines = new(text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n'));
        while (lines.TryDequeue(out string? line))
        {
            if (line.StartsWith(Title, StringComparison.Ordinal) && title.Length == 0)
                title = line[Title.Length..];
            else if (HeadingLevel(line) is { } found)
            {
                Close();
                (heading, level, blocks) = (line[(found + 1)..], found, []);
            }
            else if (line.Length > 0 && !line.StartsWith(Comment, StringComparison.Ordinal))
                blocks.Add(Block(line, lines));
        }
        Close();
        return new Report(title, sections);

        void Close()
        {
            if (heading is not null || blocks.Count > 0)
                sections.Add(new ReportSection(heading, IsSummary: heading is null, blocks) { Level = level });
        }
    }

    /// <summary>Null of what is no heading within a page.</summary>
    static int? HeadingLevel(string line) => line.StartsWith("## ", StringComparison.Ordinal) ? 2
        : line.StartsWith("### ", StringComparison.Ordinal) ? 3
        : null;

    static ReportBlock Block(string line, Queue<string> rest)
    {
        if (line == Fence)
            return new Verbatim(string.Join('\n', Until(rest, next => next == Fence, alsoThat: true)));
        if (line.StartsWith(Note, StringComparison.Ordinal))
            return new Warning(line[Note.Length..]);
        if (line.StartsWith(Figure, StringComparison.Ordinal) && line.EndsWith(')') && line.Contains("](", StringComparison.Ordinal))
            return new Picture(line[(line.LastIndexOf("](", StringComparison.Ordinal) + 2)..^1]);
        return line.StartsWith(Row, StringComparison.Ordinal)
            && rest.TryPeek(out string? alignment) && alignment.StartsWith("|--", StringComparison.Ordinal)
            ? new Table(TableOf(line, rest))
            : new Paragraph(line);
    }

    static TextTable TableOf(string header, Queue<string> rest)
    {
        string[] titles = [.. Cells(header)], alignments = rest.Dequeue().Split('|', StringSplitOptions.RemoveEmptyEntries);
        TextTable table = new([.. titles.Select((title, column) =>
            new TableColumn(title, column < alignments.Length && alignments[column].EndsWith(':')))]);
        foreach (string line in Until(rest, next => !next.StartsWith(Row, StringComparison.Ordinal), alsoThat: false))
        {
            string[] cells = [.. Cells(line).Concat(Enumerable.Repeat("", titles.Length)).Take(titles.Length)];
            table.Add(cells);
        }
        return table;
    }

    static IEnumerable<string> Until(Queue<string> lines, Func<string, bool> isEnd, bool alsoThat)
    {
        while (lines.TryPeek(out string? line))
        {
            if (!isEnd(line))
                yield return lines.Dequeue();
            else if (alsoThat)
            {
                lines.Dequeue();
                yield break;
            }
            else
                yield break;
        }
    }

    /// <summary>Between the bars of a line, an escaped bar being part of its cell.</summary>
    static IEnumerable<string> Cells(string line)
    {
        StringBuilder cell = new();
        for (int at = 1; at < line.Length; at++)
        {
            bool escaped = line[at] == '\\' && at + 1 < line.Length && line[at + 1] == '|';
            if (line[at] == '|')
            {
                yield return Trimmed(cell);
                cell.Clear();
            }
            else
                cell.Append(escaped ? line[++at] : line[at]);
        }
        if (!line.EndsWith('|'))
            yield return Trimmed(cell);
    }

    /// <summary>Without the one space at either end.</summary>
    static string Trimmed(StringBuilder cell)
    {
        string text = cell.ToString();
        int start = text.StartsWith(' ') ? 1 : 0, end = text.Length > start && text.EndsWith(' ') ? text.Length - 1 : text.Length;
        return text[start..end];
    }
}
