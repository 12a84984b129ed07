using System.Globalization;
using System.Security;
using System.Text;

namespace Harness.Figures;

/// <summary>Puts a figure together: title, panels as <see cref="Chart"/> draws them, and all text.</summary>
sealed class FigureDrawing
{
    const double TitleSize = 15, HeadingSize = 12.5, TextSize = 11.5;

    /// <summary>From the middle of a line of text down to its baseline, in font sizes; readers differ in dominant-baseline.</summary>
    const double Baseline = .35;

    readonly StringBuilder svg = new();

    FigureDrawing()
    {
    }

    /// <param name="explained">lines below the title</param>
    /// <param name="xScale">the axis of a length in pixels, the same in every panel</param>
    public static Figure Draw(
        string fileName, string title, IReadOnlyList<string> explained, string yLabel, IReadOnlyList<Panel> panels,
        Func<double, AxisScale> xScale) => Draw(fileName, title, explained, panels, xScale, AxisScale.FromZero(
            yLabel, panels.SelectMany(panel => panel.Series).SelectMany(series => series.Points).Max(point => point.Highest)));

    /// <summary>The same with a vertical axis that need not begin at zero.</summary>
    public static Figure Draw(
        string fileName, string title, IReadOnlyList<string> explained, IReadOnlyList<Panel> panels, Func<double, AxisScale> xScale,
        AxisScale y)
    {
        FigureLayout layout = FigureLayout.Of(panels, explained.Count, xScale, y);
        FigureDrawing drawing = new();
        drawing.Open(layout, title, Description(panels, layout.Cells[0].Area, string.Join("; ", explained)));
        drawing.Header(title, explained);
        List<FigurePoint> points = [];
        foreach ((Panel panel, PanelCell cell) in panels.Zip(layout.Cells))
        {
            Panel drawn = Dodge.Apply(panel, cell.Area);
            drawing.DrawPanel(drawn, cell, layout.LabelRoom);
            points.AddRange(PanelPoints.Of(panel, drawn, cell.Area));
        }
        drawing.Line("</svg>");
        return new Figure(fileName, drawing.svg.ToString()) { Points = points };
    }

    /// <summary>For those who cannot see it.</summary>
    static string Description(IReadOnlyList<Panel> panels, PlotArea area, string explained)
    {
        IEnumerable<string> shown = panels.Select(panel => $"{panel.Heading} ({panel.Facts}): "
            + string.Join(", ", panel.ByFinalHeight.Select(series => $"{series.FullName} {Number(series.End.Y)}")));
        return $"{area.Y.Label} against {area.X.Label}; {explained}. Last values by panel. {string.Join(". ", shown)}.";
    }

    void Open(FigureLayout layout, string title, string description)
    {
        (int width, int height) = (FigureLayout.Width, layout.Height);
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" "
            + "role=\"img\" font-family=\"sans-serif\">");
        Line($"<!-- renderer: {FigureRenderer.Name} -->");
        Line($"<title>{SecurityElement.Escape(title)}</title>");
        Line($"<desc>{SecurityElement.Escape(description)}</desc>");
        Line($"<style>\n{Theme.Style}</style>");
        Line($"<rect class=\"page\" width=\"{width}\" height=\"{height}\" rx=\"6\" fill=\"{Theme.Background.Light}\"/>");
    }

    void Header(string title, IReadOnlyList<string> explained)
    {
        const double Room = FigureLayout.Width - 2 * FigureLayout.Margin;
        Text(TextWidth.Fit(title, Room, TitleSize, bold: true), FigureLayout.Margin, 19, TitleSize, Theme.Ink, "title", bold: true);
        foreach ((int index, string line) in explained.Index())
            Text(TextWidth.Fit(line, Room, TextSize), FigureLayout.Margin, 40 + index * FigureLayout.HeaderLine, TextSize, Theme.Muted,
                "explained");
    }

    void DrawPanel(Panel panel, PanelCell cell, double labelRoom)
    {
        PlotArea area = cell.Area;
        Line("<g class=\"panel\">");
        Line($"<g class=\"marks\" transform=\"translate({cell.Left} {cell.Top})\">");
        svg.Append(Chart.Draw(panel, cell));
        Line("</g>");
        string heading = TextWidth.Fit(panel.Heading, cell.Width, HeadingSize, bold: true);
        Text(heading, cell.Left, cell.Top + 9, HeadingSize, Theme.Ink, "heading", bold: true);
        Text(TextWidth.Fit(panel.Facts, cell.Width, TextSize), cell.Left, cell.Top + 26, TextSize, Theme.Muted, "facts");
        foreach (AxisTick tick in area.X.Ticks)
            Text(tick.Label, area.PixelX(tick.Position), area.Bottom + 13, AxisScale.FontSize, Theme.Muted, "x-tick", "middle");
        foreach (AxisTick tick in area.Y.Ticks)
            Text(tick.Label, area.Left - 8, area.PixelY(tick.Position), AxisScale.FontSize, Theme.Muted, "y-tick", "end");
        Text(area.X.Label, area.Left + area.Width / 2, area.Bottom + 31, TextSize, Theme.Ink, "x-label", "middle");
        Text(area.Y.Label, cell.Left + 7, area.Top + area.Height / 2, TextSize, Theme.Ink, "y-label", "middle", isUpwards: true);
        foreach (EndLabel label in EndLabels.Place(panel, area, labelRoom))
            DrawLabel(label, area);
        Line("</g>");
    }

    /// <summary>A thin line from the end of the series, a piece of the series as in a legend, and its name.</summary>
    void DrawLabel(EndLabel label, PlotArea area)
    {
        Series series = label.Series;
        double fromX = series.IsLevel ? area.Right : area.PixelX(series.End.X), fromY = area.PixelY(series.End.Y);
        double symbol = area.Right + FigureLayout.Leader, text = symbol + FigureLayout.Symbol + FigureLayout.SymbolGap;
        string path = $"M{Number(fromX)} {Number(fromY)}L{Number(area.Right + 2)} {Number(fromY)}L{Number(symbol)} {Number(label.Middle)}";
        Line($"<path class=\"leader\" d=\"{path}\" fill=\"none\" stroke=\"{series.Tint.Light}\" stroke-width=\"1\" "
            + "stroke-dasharray=\"1 2\"/>");
        string dashes = series.IsDashed ? " stroke-dasharray=\"6 4\"" : "";
        Line($"<path class=\"symbol\" d=\"M{Number(symbol)} {Number(label.Middle)}h{FigureLayout.Symbol}\" stroke=\"{series.Tint.Light}\" "
            + $"stroke-width=\"{(series.IsLevel ? "1.2" : "3")}\"{dashes}/>");
        double nameMiddle = label.Note.Length > 0 ? label.Middle - 6 : label.Middle;
        Text(label.Name, text, nameMiddle, EndLabels.FontSize, Theme.Ink, "label");
        Text(label.Note, text, nameMiddle + 13, EndLabels.NoteSize, Theme.Muted, "note");
    }

    void Text(
        string text, double x, double middle, double size, Tint tint, string role, string anchor = "start", bool bold = false,
        bool isUpwards = false)
    {
        if (text.Length == 0)
            return;
        string weight = bold ? " font-weight=\"bold\"" : "";
        string turned = isUpwards ? $" transform=\"rotate(-90 {Number(x)} {Number(middle)})\"" : "";
        Line($"<text class=\"{role}\" x=\"{Number(x)}\" y=\"{Number(middle + Baseline * size)}\" text-anchor=\"{anchor}\" "
            + $"font-size=\"{Number(size)}\" fill=\"{tint.Light}\"{weight}{turned}>{SecurityElement.Escape(text)}</text>");
    }

    void Line(string text) => svg.Append(text.ReplaceLineEndings("\n")).Append('\n');

    static string Number(double value)
    {
        string text = value.ToString("0.#", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }
}
