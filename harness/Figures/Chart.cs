using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace Harness.Figures;

/// <summary>
/// Draws a panel's grid, axes, intervals and lines through ScottPlot's API. All text is <see cref="FigureDrawing"/>'s: the package would
/// place each letter by the fonts of this machine, and write none where it finds no font.
/// </summary>
static class Chart
{
    const double BandOpacity = .16;
    const float LineWidth = 2, ThinLine = 1.2f, MarkerSize = 6;

    /// <summary>SVG elements in pixels of the panel's cell.</summary>
    public static string Draw(Panel panel, PanelCell cell)
    {
        using Plot plot = new();
        PlotArea area = cell.Area;
        plot.FigureBackground.Color = ColorOf(Theme.Background).WithAlpha(0);
        plot.Grid.MajorLineColor = ColorOf(Theme.Grid);
        plot.Layout.Fixed(new PixelPadding(
            (float)area.Left - cell.Left, cell.Left + cell.Width - (float)area.Right,
            cell.Top + cell.Height - (float)area.Bottom, (float)area.Top - cell.Top));
        Dress(plot.Axes.Bottom, area.X);
        Dress(plot.Axes.Left, area.Y);
        plot.Axes.Top.FrameLineStyle.IsVisible = false;
        plot.Axes.Right.FrameLineStyle.IsVisible = false;
        plot.Axes.SetLimits(area.X.Low, area.X.High, area.Y.Low, area.Y.High);
        foreach (double step in panel.Steps)
            DrawStep(plot, step, area);
        Series[] series = [.. panel.Series.OrderByDescending(line => line.IsLevel).ThenByDescending(line => line.IsDashed)];
        foreach (Series line in series)
            DrawInterval(plot, line, panel.HasBands);
        foreach (Series line in series)
            DrawLine(plot, line, area);
        return SvgFragment.Of(plot.GetSvgXml(cell.Width, cell.Height));
    }

    static void DrawStep(Plot plot, double x, PlotArea area)
    {
        double[] xs = [x, x], ys = [area.Y.Low, area.Y.High];
        Scatter line = plot.Add.Scatter(xs, ys);
        (line.Color, line.LineWidth, line.MarkerShape) = (ColorOf(Theme.Bound), ThinLine, MarkerShape.None);
    }

    static void DrawInterval(Plot plot, Series series, bool asBand)
    {
        SeriesPoint[] points = [.. series.Points.Where(point => point.HasInterval)];
        if (points.Length == 0)
            return;
        Color color = ColorOf(series.Tint);
        if (asBand && points.Length > 1)
        {
            FillY band = plot.Add.FillY(
                [.. points.Select(point => point.X)], [.. points.Select(point => point.Low)], [.. points.Select(point => point.High)]);
            (band.FillColor, band.LineWidth) = (color.WithAlpha(BandOpacity), 0);
            return;
        }
        double[] xs = [.. points.SelectMany(point => new[] { point.X, point.X, double.NaN })];
        double[] ys = [.. points.SelectMany(point => new[] { point.Low, point.High, double.NaN })];
        Scatter whiskers = plot.Add.Scatter(xs, ys);
        (whiskers.Color, whiskers.LineWidth, whiskers.MarkerShape) = (color, ThinLine, MarkerShape.None);
    }

    static void DrawLine(Plot plot, Series series, PlotArea area)
    {
        Color color = ColorOf(series.Tint);
        double[] xs = [.. series.Points.Select(point => point.X)];
        double[] ys = [.. series.Points.Select(point => point.Y)];
        IReadOnlyList<(double X, double Y)> path = series.Path ?? [.. series.Points.Select(point => (point.X, point.Y))];
        (double[] lineXs, double[] lineYs) = series.IsDashed ? Dashes.Along(path, area)
            : series.IsLevel ? ([xs[0], area.X.High], [ys[0], ys[0]])
            : ([.. path.Select(point => point.X)], [.. path.Select(point => point.Y)]);
        if (lineXs.Length > 1)
        {
            Scatter line = plot.Add.Scatter(lineXs, lineYs);
            (line.Color, line.LineWidth, line.MarkerShape) = (color, series.IsLevel ? ThinLine : LineWidth, MarkerShape.None);
        }
        Scatter markers = plot.Add.Scatter(xs, ys);
        (markers.Color, markers.LineWidth, markers.MarkerShape, markers.MarkerSize) = (color, 0, series.Marker, MarkerSize);
    }

    /// <summary>A tick whose label <see cref="FigureDrawing"/> writes is a major one, and has a line of the grid.</summary>
    static void Dress(IAxis axis, AxisScale scale)
    {
        NumericManual ticks = new();
        foreach (AxisTick tick in scale.Ticks)
        {
            if (tick.Label.Length > 0)
                ticks.AddMajor(tick.Position, "");
            else
                ticks.AddMinor(tick.Position);
        }
        axis.TickGenerator = ticks;
        Color color = ColorOf(Theme.Muted);
        (axis.MajorTickStyle.Color, axis.MinorTickStyle.Color, axis.FrameLineStyle.Color) = (color, color, color);
    }

    static Color ColorOf(Tint tint) => Color.FromHex(tint.Light);
}
