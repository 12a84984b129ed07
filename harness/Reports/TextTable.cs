namespace Harness.Reports;

/// <summary>One column of a table.</summary>
/// <param name="AlignsRight">As numbers do.</param>
public readonly record struct TableColumn(string Title, bool AlignsRight);

/// <summary>
/// The one writer of tables: for a terminal, columns as wide as their longest cell with two spaces between them; or Markdown.
/// </summary>
public sealed class TextTable(params IReadOnlyList<TableColumn> columns)
{
    readonly List<string[]> rows = [];

    public IReadOnlyList<TableColumn> Columns => columns;

    /// <summary>The cells of each row.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows => rows;

    /// <summary>A column of words.</summary>
    public static TableColumn Left(string title) => new(title, AlignsRight: false);

    /// <summary>A column of numbers.</summary>
    public static TableColumn Right(string title) => new(title, AlignsRight: true);

    /// <summary>Adds a row, a cell a column.</summary>
    /// <exception cref="ArgumentException">There are more or fewer cells than columns.</exception>
    public void Add(params string[] cells)
    {
        if (cells.Length != columns.Count)
            throw new ArgumentException($"{cells.Length} cells in a table of {columns.Count} columns", nameof(cells));
        rows.Add(cells);
    }

    /// <summary>
    /// The header and the rows for a terminal, without spaces at the ends of lines. Every column without a title leaves the header out.
    /// </summary>
    public IEnumerable<string> Lines()
    {
        string[] header = [.. columns.Select(column => column.Title)];
        int[] widths = [.. header.Select((title, column) => rows.Select(row => row[column].Length).Append(title.Length).Max())];
        IEnumerable<string[]> lines = Array.TrueForAll(header, title => title.Length == 0) ? rows : rows.Prepend(header);
        return lines.Select(line => string.Join("  ", line.Select((cell, column) => Pad(cell, column, widths[column]))).TrimEnd());
    }

    /// <summary>Writes the lines for a terminal.</summary>
    public void WriteTo(TextWriter output)
    {
        foreach (string line in Lines())
            output.WriteLine(line);
    }

    /// <summary>The table in Markdown; bars in cells are escaped, line breaks become spaces.</summary>
    public IEnumerable<string> MarkdownLines() =>
    [
        MarkdownLine(columns.Select(column => column.Title)),
        $"|{string.Concat(columns.Select(column => column.AlignsRight ? "---:|" : "---|"))}",
        .. rows.Select(MarkdownLine),
    ];

    string Pad(string cell, int column, int width) => columns[column].AlignsRight ? cell.PadLeft(width) : cell.PadRight(width);

    static string MarkdownLine(IEnumerable<string> cells) =>
        $"| {string.Join(" | ", cells.Select(cell => cell.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal)))} |";
}
