using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace Harness.Figures;

/// <summary>Draws lines with their intervals as bands through ScottPlot's API.</summary>
static class Chart
{
    const int Width = 800;
    const int Height = 450;
    const int LongestTitle = 60;

    /// <summary>
    /// Okabe and Ito's colours, which people with any common form of colour vision can tell apart; without yellow, too light for a line.
    /// </summary>
    static readonly Color[] Palette =
        [.. new[] { "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000" }.Select(Color.FromHex)];

    /// <summary>The package cannot write dashed lines into SVG, so that those of upper bounds are drawn dash by dash.</summary>
    static readonly MarkerShape[] Markers =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond,
        MarkerShape.FilledTriangleDown, MarkerShape.OpenCircle, MarkerShape.OpenSquare, MarkerShape.OpenTriangleUp, MarkerShape.OpenDiamond,
        MarkerShape.OpenTriangleDown,
    ];

    static readonly Color UpperBound = Color.FromHex("#808080");

    static readonly Color Ink = Color.FromHex("#333333");

    /// <summary>
    /// Where Skia comes without fontconfig, the package would choose a serif font. It still does where this font is absent.
    /// </summary>
    const string Font = "DejaVu Sans";

    /// <summary>The chart as SVG, 800 by 450 pixels.</summary>
    public static string Draw(string title, AxisScale x, AxisScale y, IReadOnlyList<Series> series)
    {
        Fonts.Default = Font;
        using Plot plot = new();
        DressAxes(plot, x, y);
        plot.Title(title.Length <= LongestTitle ? title : string.Concat(title.AsSpan(0, LongestTitle - 1), "…"), 14);
        plot.Axes.Title.Label.ForeColor = Ink;
        foreach (Series line in series)
            DrawInterval(plot, line);
        foreach (Series line in series)
            DrawLine(plot, line, x, y);
        DressLegend(plot);
        string description = $"{y.Label} against {x.Label}. Series: {string.Join(", ", series.Select(line => line.Label))}.";
        return FigureRenderer.Sign(plot.GetSvgXml(Width, Height), title, description);
    }

    static void DrawInterval(Plot plot, Series series)
    {
        SeriesPoint[] points = [.. series.Points.Where(point => point.HasInterval)];
        if (points.Length == 0)
            return;
        Color color = ColorOf(series);
        if (points.Length == 1)
        {
            double[] xs = [points[0].X, points[0].X];
            double[] ys = [points[0].Low, points[0].High];
            Scatter whisker = plot.Add.Scatter(xs, ys);
            (whisker.Color, whisker.LineWidth, whisker.MarkerShape) = (color.WithAlpha(.5), 2, MarkerShape.None);
            return;
        }
        FillY band = plot.Add.FillY(
            [.. points.Select(point => point.X)], [.. points.Select(point => point.Low)], [.. points.Select(point => point.High)]);
        (band.FillColor, band.LineWidth) = (color.WithAlpha(.15), 0);
    }

    static Color ColorOf(Series series) => series.IsUpperBound ? UpperBound : Palette[series.Color % Palette.Length];

    static void DrawLine(Plot plot, Series series, AxisScale x, AxisScale y)
    {
        if (series.IsUpperBound)
        {
            foreach ((double[] dashXs, double[] dashYs) in Dashes.Along(series.Points, x.High - x.Low, y.High - y.Low))
            {
                Scatter dash = plot.Add.Scatter(dashXs, dashYs);
                (dash.Color, dash.LineWidth, dash.MarkerShape) = (UpperBound, 2, MarkerShape.None);
            }
        }
        double[] xs = [.. series.Points.Select(point => point.X)];
        double[] ys = [.. series.Points.Select(point => point.Y)];
        Scatter line = plot.Add.Scatter(xs, ys);
        line.LegendText = series.Label;
        line.Color = ColorOf(series);
        line.LineWidth = xs.Length > 1 && !series.IsUpperBound ? 2 : 0;
        line.MarkerShape = Markers[series.Marker % Markers.Length];
        line.MarkerSize = 8;
    }

    static void DressAxes(Plot plot, AxisScale x, AxisScale y)
    {
        plot.FigureBackground.Color = Color.FromHex("#ffffff");
        plot.Grid.MajorLineColor = Color.FromHex("#e6e6e6");
        plot.XLabel(x.Label, 13);
        plot.YLabel(y.Label, 13);
        Dress(plot.Axes.Bottom, x);
        Dress(plot.Axes.Left, y);
        plot.Axes.Top.FrameLineStyle.IsVisible = false;
        plot.Axes.Right.FrameLineStyle.IsVisible = false;
        plot.Axes.SetLimits(x.Low, x.High, y.Low, y.High);
    }

    static void Dress(IAxis axis, AxisScale scale)
    {
        NumericManual ticks = new();
        foreach (AxisTick tick in scale.Ticks)
        {
            if (tick.Label.Length > 0)
                ticks.AddMajor(tick.Position, tick.Label);
            else
                ticks.AddMinor(tick.Position);
        }
        axis.TickGenerator = ticks;
        axis.Label.Bold = false;
        axis.Label.ForeColor = Ink;
        axis.TickLabelStyle.ForeColor = Ink;
        axis.TickLabelStyle.FontSize = 12;
        axis.MajorTickStyle.Color = Ink;
        axis.MinorTickStyle.Color = Ink;
        axis.FrameLineStyle.Color = Ink;
    }

    static void DressLegend(Plot plot)
    {
        plot.Legend.FontSize = 12;
        plot.Legend.FontColor = Ink;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Color.FromHex("#ffffff").WithAlpha(0);
        plot.ShowLegend(Edge.Right).Alignment = Alignment.UpperLeft;
    }
}
