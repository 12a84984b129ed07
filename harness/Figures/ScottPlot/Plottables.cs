using ScottPlot.Drawing;

namespace ScottPlot.Plottables;

interface IPlottable
{
    void Render(SvgWriter svg, DataArea area);
}

/// <summary>Points joined by a line; a NaN leaves a gap in it.</summary>
public class Scatter : IPlottable
{
    readonly double[] xs;
    readonly double[] ys;

    internal Scatter(double[] xs, double[] ys)
    {
        this.xs = xs;
        this.ys = ys;
    }

    public Color Color { get; set; }
    public float LineWidth { get; set; } = 1;
    public MarkerShape MarkerShape { get; set; } = MarkerShape.FilledCircle;
    public float MarkerSize { get; set; } = 5;

    void IPlottable.Render(SvgWriter svg, DataArea area)
    {
        (double X, double Y)[] points = [.. xs.Zip(ys, (x, y) => (area.X(x), area.Y(y)))];
        if (points.Length > 1 && LineWidth > 0)
            svg.Line(points, Color, LineWidth);
        foreach ((double x, double y) in points)
            Marker.Render(svg, MarkerShape, x, y, MarkerSize, Color);
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

    public Color FillColor { get; set; } = Color.FromHex("#0072b2").WithAlpha(.2);

    /// <summary>Accepted and not used: a band of the stand-in has no outline.</summary>
    public float LineWidth { get; set; }

    void IPlottable.Render(SvgWriter svg, DataArea area) => svg.Area(
        xs.Zip(ys1, (x, y) => (area.X(x), area.Y(y))).Concat(xs.Zip(ys2, (x, y) => (area.X(x), area.Y(y))).Reverse()), FillColor);
}
