namespace Harness.Figures;

/// <summary>A panel's cell in the figure and where its data lie, in whole pixels; the same for every renderer.</summary>
readonly record struct PanelCell(int Left, int Top, int Width, int Height, PlotArea Area);

/// <summary>Where everything of a figure stands: panels in one column or two, with equal scales and data areas of one size.</summary>
sealed record FigureLayout
{
    public const int Width = 800, Margin = 12, HeaderLine = 16;

    /// <summary>Within a cell, above and below the data.</summary>
    public const int Above = 42, Below = 52;

    /// <summary>From the data's right edge to the line before a label, that line's length, and from it to the text.</summary>
    public const int Leader = 16, Symbol = 14, SymbolGap = 5;

    const int AxisLabel = 18, TickRoom = 9, Between = 16, Wide = 300, Narrow = 240, Title = 44;
    const double LongestInTwoColumns = 112, LongestInOne = 260;

    public required int Height { get; init; }
    public required IReadOnlyList<PanelCell> Cells { get; init; }

    /// <summary>For the text of a line's label.</summary>
    public required double LabelRoom { get; init; }

    public static FigureLayout Of(IReadOnlyList<Panel> panels, int headerLines, Func<double, AxisScale> xScale, AxisScale y)
    {
        int header = Title + headerLines * HeaderLine;
        double longest = EndLabels.Longest(panels);
        int columns = panels.Count == 1 || longest > LongestInTwoColumns ? 1 : 2;
        double room = Math.Min(longest, columns == 1 ? LongestInOne : LongestInTwoColumns);
        int cellWidth = (Width - 2 * Margin - (columns - 1) * Between) / columns, plotHeight = panels.Count == 1 ? Wide : Narrow;
        int cellHeight = Above + plotHeight + Below;
        int left = AxisLabel + TickRoom + (int)Math.Ceiling(y.Ticks.Max(tick => TextWidth.Of(tick.Label, AxisScale.FontSize)));
        int plotWidth = cellWidth - left - Leader - Symbol - SymbolGap - (int)Math.Ceiling(room);
        AxisScale x = xScale(plotWidth);
        return new FigureLayout
        {
            Height = header + (panels.Count + columns - 1) / columns * cellHeight,
            LabelRoom = room,
            Cells = [.. panels.Select((_, index) =>
            {
                int cellLeft = Margin + index % columns * (cellWidth + Between), cellTop = header + index / columns * cellHeight;
                return new PanelCell(cellLeft, cellTop, cellWidth, cellHeight,
                    new PlotArea(cellLeft + left, cellTop + Above, plotWidth, plotHeight, x, y));
            })],
        };
    }
}
