using ScottPlot.Plottables;

namespace ScottPlot.Drawing;

/// <summary>Writes a plot: background, grid, data, axes.</summary>
sealed class SvgFigure(Plot plot, int width, int height)
{
    readonly SvgWriter svg = new();
    readonly DataArea area = new(
        plot.Layout.Padding.Left, plot.Layout.Padding.Top, width - plot.Layout.Padding.Right, height - plot.Layout.Padding.Bottom,
        plot.Axes.Bottom, plot.Axes.Left);

    public string Render()
    {
        svg.Open("svg", ("xmlns", "http://www.w3.org/2000/svg"), ("width", $"{width}"), ("height", $"{height}"));
        if (plot.FigureBackground.Color.Alpha > 0)
            svg.Empty("rect", ("width", $"{width}"), ("height", $"{height}"), ("fill", SvgWriter.Hex(plot.FigureBackground.Color)));
        RenderGrid();
        foreach (IPlottable plottable in plot.Add.Plottables)
            plottable.Render(svg, area);
        RenderFrame(plot.Axes.Top, area.Left, area.Top, area.Right, area.Top);
        RenderFrame(plot.Axes.Right, area.Right, area.Top, area.Right, area.Bottom);
        RenderFrame(plot.Axes.Bottom, area.Left, area.Bottom, area.Right, area.Bottom);
        RenderFrame(plot.Axes.Left, area.Left, area.Top, area.Left, area.Bottom);
        foreach (Tick tick in plot.Axes.Bottom.TickGenerator.Ticks)
            RenderTick(plot.Axes.Bottom, tick, area.X(tick.Position), area.Bottom, 0, 1);
        foreach (Tick tick in plot.Axes.Left.TickGenerator.Ticks)
            RenderTick(plot.Axes.Left, tick, area.Left, area.Y(tick.Position), -1, 0);
        svg.Close("svg");
        return svg.ToString();
    }

    void RenderGrid()
    {
        foreach (Tick tick in plot.Axes.Bottom.TickGenerator.Ticks.Where(tick => tick.IsMajor))
            svg.Segment(area.X(tick.Position), area.Top, area.X(tick.Position), area.Bottom, plot.Grid.MajorLineColor, 1);
        foreach (Tick tick in plot.Axes.Left.TickGenerator.Ticks.Where(tick => tick.IsMajor))
            svg.Segment(area.Left, area.Y(tick.Position), area.Right, area.Y(tick.Position), plot.Grid.MajorLineColor, 1);
    }

    void RenderFrame(IAxis axis, double x1, double y1, double x2, double y2)
    {
        if (axis.FrameLineStyle is { IsVisible: true, Width: > 0 } line)
            svg.Segment(x1, y1, x2, y2, line.Color, line.Width);
    }

    void RenderTick(IAxis axis, Tick tick, double x, double y, int right, int down)
    {
        TickMarkStyle style = tick.IsMajor ? axis.MajorTickStyle : axis.MinorTickStyle;
        svg.Segment(x, y, x + right * style.Length, y + down * style.Length, style.Color, style.Width);
    }
}
