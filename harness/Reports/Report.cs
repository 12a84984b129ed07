namespace Harness.Reports;

/// <summary>What an experiment says, apart from how it is shown: as Markdown in its README, as text in a terminal.</summary>
public sealed record Report(string Title, IReadOnlyList<ReportSection> Sections);

/// <summary>A part of a report.</summary>
/// <param name="Heading">Null for what stands under the title itself.</param>
/// <param name="IsSummary">Whether a terminal shows it at the end of a run.</param>
public sealed record ReportSection(string? Heading, bool IsSummary, IReadOnlyList<ReportBlock> Blocks)
{
    /// <summary>Of its heading: 2, or 3 for a part of the section before it.</summary>
    public int Level { get; init; } = 2;
}

/// <summary>A paragraph, a table, a figure or a text as it was written.</summary>
public abstract record ReportBlock;

/// <summary>One or more sentences.</summary>
public sealed record Paragraph(string Text) : ReportBlock;

/// <summary>One or more sentences about what has a name; where a section is headed by that name, a page leads there.</summary>
public sealed record Entry(string Name, string Text) : ReportBlock;

/// <summary>What a reader must know before believing a number.</summary>
public sealed record Warning(string Text) : ReportBlock;

public sealed record Table(TextTable Content) : ReportBlock;

/// <summary>A text that keeps its lines, such as a prompt template.</summary>
public sealed record Verbatim(string Text) : ReportBlock;

/// <param name="FileName">In the report's own folder.</param>
public sealed record Picture(string FileName) : ReportBlock;
