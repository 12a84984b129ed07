namespace ScottPlot.Drawing;

static class Marker
{
    /// <param name="size">width and height in pixels</param>
    public static void Render(SvgWriter svg, MarkerShape shape, double x, double y, double size, Color color)
    {
        double r = size / 2;
        if (shape == MarkerShape.FilledCircle)
            svg.Circle(x, y, r, color);
        else if (shape != MarkerShape.None)
            svg.Polygon(Corners(shape, x, y, r), color);
    }

    static (double X, double Y)[] Corners(MarkerShape shape, double x, double y, double r) => shape switch
    {
        MarkerShape.FilledSquare => [(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)],
        MarkerShape.FilledTriangleUp => [(x, y - r), (x + r, y + r), (x - r, y + r)],
        MarkerShape.FilledTriangleDown => [(x - r, y - r), (x + r, y - r), (x, y + r)],
        MarkerShape.FilledDiamond => [(x, y - r), (x + r, y), (x, y + r), (x - r, y)],
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "a marker's shape"),
    };
}
