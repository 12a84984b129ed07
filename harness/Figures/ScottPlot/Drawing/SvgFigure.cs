using ScottPlot.Plottables;

namespace ScottPlot.Drawing;

/// <summary>Lays a plot out around its longest labels and writes it: panel, grid, data, axes, title, legend.</summary>
sealed class SvgFigure(Plot plot, int width, int height)
{
    const double Margin = 12;
    const double LegendSymbol = 28;
    const double LegendGap = 8;
    const double LegendRow = 1.7;

    /// <summary>From the middle of a line of text down to its baseline, in font sizes; readers differ in dominant-baseline.</summary>
    const double Baseline = .35;

    readonly SvgWriter svg = new();
    readonly DataArea area = Layout(plot, width, height);

    public string Render()
    {
        svg.Open("svg", ("xmlns", "http://www.w3.org/2000/svg"), ("width", $"{width}"), ("height", $"{height}"),
            ("viewBox", $"0 0 {width} {height}"), ("role", "img"), ("font-family", "sans-serif"));
        svg.Empty("rect", ("class", "panel"), ("width", $"{width}"), ("height", $"{height}"), ("rx", "6"),
            ("fill", SvgWriter.Hex(plot.FigureBackground.Color)));
        RenderGrid();
        RenderData();
        RenderBottomAxis();
        RenderLeftAxis();
        RenderTitle();
        RenderLegend();
        svg.Close("svg");
        return svg.ToString();
    }

    static DataArea Layout(Plot plot, int width, int height)
    {
        IAxis left = plot.Axes.Left;
        IAxis bottom = plot.Axes.Bottom;
        double tickLabels = left.TickGenerator.Ticks.Select(tick => TextWidth.Of(tick.Label, left.TickLabelStyle)).DefaultIfEmpty(0).Max();
        return new DataArea(
            Left: Margin + 1.5 * left.Label.FontSize + tickLabels + left.MajorTickStyle.Length + 6,
            Top: Margin + (plot.Axes.Title.Label.Text.Length > 0 ? 2 * plot.Axes.Title.Label.FontSize : 0),
            Right: width - Margin - LegendWidth(plot),
            Bottom: height - Margin - 1.7 * bottom.Label.FontSize - 1.4 * bottom.TickLabelStyle.FontSize - bottom.MajorTickStyle.Length,
            plot.Axes.Bottom,
            plot.Axes.Left);
    }

    static double LegendWidth(Plot plot)
    {
        IPlottable[] entries = LegendEntries(plot);
        double labels = entries.Select(entry => TextWidth.Of(entry.LegendText, LegendFontSize(plot))).DefaultIfEmpty(0).Max();
        return entries.Length == 0 ? 0 : Margin + LegendSymbol + LegendGap + labels;
    }

    static IPlottable[] LegendEntries(Plot plot) =>
        plot.LegendPanel is null ? [] : [.. plot.Add.Plottables.Where(plottable => plottable.LegendText.Length > 0)];

    static double LegendFontSize(Plot plot) => plot.Legend.FontSize ?? 12;

    void RenderGrid()
    {
        svg.Open("g", ("class", "grid"), ("stroke", SvgWriter.Hex(plot.Grid.MajorLineColor)));
        foreach (Tick tick in plot.Axes.Bottom.TickGenerator.Ticks.Where(tick => tick.IsMajor))
            Segment(area.X(tick.Position), area.Top, area.X(tick.Position), area.Bottom);
        foreach (Tick tick in plot.Axes.Left.TickGenerator.Ticks.Where(tick => tick.IsMajor))
            Segment(area.Left, area.Y(tick.Position), area.Right, area.Y(tick.Position));
        svg.Close("g");
    }

    void RenderData()
    {
        svg.Open("clipPath", ("id", "data-area"));
        svg.Empty("rect", ("x", SvgWriter.Number(area.Left)), ("y", SvgWriter.Number(area.Top)),
            ("width", SvgWriter.Number(area.Right - area.Left)), ("height", SvgWriter.Number(area.Bottom - area.Top)));
        svg.Close("clipPath");
        svg.Open("g", ("class", "data"), ("clip-path", "url(#data-area)"));
        foreach (IPlottable plottable in plot.Add.Plottables)
            plottable.Render(svg, area);
        svg.Close("g");
    }

    void RenderBottomAxis()
    {
        IXAxis axis = plot.Axes.Bottom;
        svg.Open("g", ("class", "x-axis"));
        RenderFrame(plot.Axes.Top, area.Left, area.Top, area.Right, area.Top);
        RenderFrame(axis, area.Left, area.Bottom, area.Right, area.Bottom);
        double labels = area.Bottom + axis.MajorTickStyle.Length + .8 * axis.TickLabelStyle.FontSize;
        foreach (Tick tick in axis.TickGenerator.Ticks)
        {
            double x = area.X(tick.Position);
            RenderTickMark(tick.IsMajor ? axis.MajorTickStyle : axis.MinorTickStyle, x, area.Bottom, 0, 1);
            RenderText(tick.Label, axis.TickLabelStyle, x, labels, "middle");
        }
        RenderText(axis.Label.Text, axis.Label, (area.Left + area.Right) / 2, height - Margin - .5 * axis.Label.FontSize, "middle");
        svg.Close("g");
    }

    void RenderLeftAxis()
    {
        IYAxis axis = plot.Axes.Left;
        svg.Open("g", ("class", "y-axis"));
        RenderFrame(plot.Axes.Right, area.Right, area.Top, area.Right, area.Bottom);
        RenderFrame(axis, area.Left, area.Top, area.Left, area.Bottom);
        foreach (Tick tick in axis.TickGenerator.Ticks)
        {
            double y = area.Y(tick.Position);
            RenderTickMark(tick.IsMajor ? axis.MajorTickStyle : axis.MinorTickStyle, area.Left, y, -1, 0);
            RenderText(tick.Label, axis.TickLabelStyle, area.Left - axis.MajorTickStyle.Length - 4, y, "end");
        }
        double x = Margin + .5 * axis.Label.FontSize;
        double middle = (area.Top + area.Bottom) / 2;
        string upwards = $"rotate(-90 {SvgWriter.Number(x)} {SvgWriter.Number(middle)})";
        RenderText(axis.Label.Text, axis.Label, x, middle, "middle", ("transform", upwards));
        svg.Close("g");
    }

    void RenderTitle()
    {
        LabelStyle label = plot.Axes.Title.Label;
        double room = TextWidth.Of(label.Text, label) / 2;
        double x = Math.Max((area.Left + area.Right) / 2, Margin + room);
        RenderText(label.Text, label, x, Margin + .5 * label.FontSize, "middle", ("class", "title"));
    }

    void RenderLegend()
    {
        IPlottable[] entries = LegendEntries(plot);
        if (entries.Length == 0)
            return;
        LabelStyle style = new() { FontSize = (float)LegendFontSize(plot), ForeColor = plot.Legend.FontColor ?? Color.FromHex("#000000") };
        double row = LegendRow * style.FontSize;
        double free = area.Bottom - area.Top - row * entries.Length;
        double top = area.Top + row / 2 + plot.LegendPanel!.Alignment switch
        {
            Alignment.UpperLeft or Alignment.UpperCenter or Alignment.UpperRight => 0,
            Alignment.LowerLeft or Alignment.LowerCenter or Alignment.LowerRight => free,
            _ => free / 2,
        };
        double left = area.Right + Margin;
        svg.Open("g", ("class", "legend"));
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i].RenderSymbol(svg, left, left + LegendSymbol, top + i * row);
            RenderText(entries[i].LegendText, style, left + LegendSymbol + LegendGap, top + i * row, "start");
        }
        svg.Close("g");
    }

    void RenderFrame(IAxis axis, double x1, double y1, double x2, double y2)
    {
        if (axis.FrameLineStyle is { IsVisible: true, Width: > 0 } line)
            Segment(x1, y1, x2, y2, ("stroke", SvgWriter.Hex(line.Color)), ("stroke-width", SvgWriter.Number(line.Width)));
    }

    void RenderTickMark(TickMarkStyle style, double x, double y, int right, int down) =>
        Segment(x, y, x + right * style.Length, y + down * style.Length,
            ("stroke", SvgWriter.Hex(style.Color)), ("stroke-width", SvgWriter.Number(style.Width)));

    void Segment(double x1, double y1, double x2, double y2, params (string, string)[] attributes) =>
        svg.Empty("line",
        [
            ("x1", SvgWriter.Number(x1)), ("y1", SvgWriter.Number(y1)), ("x2", SvgWriter.Number(x2)), ("y2", SvgWriter.Number(y2)),
            .. attributes,
        ]);

    void RenderText(string text, LabelStyle style, double x, double middle, string anchor, params (string, string)[] attributes)
    {
        if (text.Length == 0)
            return;
        List<(string, string)> all =
        [
            ("x", SvgWriter.Number(x)), ("y", SvgWriter.Number(middle + Baseline * style.FontSize)), ("text-anchor", anchor),
            ("font-size", SvgWriter.Number(style.FontSize)), ("fill", SvgWriter.Hex(style.ForeColor)), .. attributes,
        ];
        if (style.Bold)
            all.Add(("font-weight", "bold"));
        svg.Text("text", text, [.. all]);
    }
}
