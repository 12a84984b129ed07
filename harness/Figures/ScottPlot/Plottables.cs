using ScottPlot.Drawing;

namespace ScottPlot.Plottables;

interface IPlottable
{
    string LegendText { get; }

    /// <summary>Draws within the data area.</summary>
    void Render(SvgWriter svg, DataArea area);

    /// <summary>Draws the sample beside the legend's text, between two x at one height.</summary>
    void RenderSymbol(SvgWriter svg, double left, double right, double y);
}

/// <summary>Points joined by a line.</summary>
public class Scatter : IPlottable
{
    readonly double[] xs;
    readonly double[] ys;

    internal Scatter(double[] xs, double[] ys)
    {
        this.xs = xs;
        this.ys = ys;
    }

    public string LegendText { get; set; } = "";
    public Color Color { get; set; }
    public float LineWidth { get; set; } = 1;
    public MarkerShape MarkerShape { get; set; } = MarkerShape.FilledCircle;
    public float MarkerSize { get; set; } = 5;

    void IPlottable.Render(SvgWriter svg, DataArea area)
    {
        (double X, double Y)[] points = [.. xs.Zip(ys, (x, y) => (area.X(x), area.Y(y)))];
        svg.Open("g", ("class", "series"));
        if (LegendText.Length > 0)
            svg.Text("title", LegendText);
        if (points.Length > 1 && LineWidth > 0)
            svg.Line(points, Color, LineWidth);
        foreach ((double x, double y) in points)
            Marker.Render(svg, MarkerShape, x, y, MarkerSize, Color);
        svg.Close("g");
    }

    void IPlottable.RenderSymbol(SvgWriter svg, double left, double right, double y)
    {
        if (LineWidth > 0)
            svg.Line([(left, y), (right, y)], Color, LineWidth);
        Marker.Render(svg, MarkerShape, (left + right) / 2, y, MarkerSize, Color);
    }
}

/// <summary>A filled band.</summary>
public class FillY : IPlottable
{
    readonly double[] xs;
    readonly double[] ys1;
    readonly double[] ys2;

    internal FillY(double[] xs, double[] ys1, double[] ys2)
    {
        this.xs = xs;
        this.ys1 = ys1;
        this.ys2 = ys2;
    }

    public string LegendText { get; set; } = "";
    public Color FillColor { get; set; } = Color.FromHex("#0072b2").WithAlpha(.2);
    public float LineWidth { get; set; }

    void IPlottable.Render(SvgWriter svg, DataArea area)
    {
        (double X, double Y)[] outline =
        [
            .. xs.Zip(ys1, (x, y) => (area.X(x), area.Y(y))),
            .. xs.Zip(ys2, (x, y) => (area.X(x), area.Y(y))).Reverse(),
        ];
        svg.Area("band", outline, FillColor, LineWidth);
    }

    void IPlottable.RenderSymbol(SvgWriter svg, double left, double right, double y) =>
        svg.Area("band", [(left, y - 5), (right, y - 5), (right, y + 5), (left, y + 5)], FillColor, LineWidth);
}
