namespace ScottPlot.Drawing;

static class Marker
{
    /// <param name="size">width and height in pixels</param>
    public static void Render(SvgWriter svg, MarkerShape shape, double x, double y, double size, Color color)
    {
        double r = size / 2;
        switch (shape)
        {
            case MarkerShape.None:
                break;
            case MarkerShape.FilledCircle:
                svg.Circle(x, y, r, color, filled: true);
                break;
            case MarkerShape.OpenCircle:
                svg.Circle(x, y, r, color, filled: false);
                break;
            default:
                svg.Polygon(Corners(shape, x, y, r), color, filled: IsFilled(shape));
                break;
        }
    }

    static bool IsFilled(MarkerShape shape) =>
        shape is MarkerShape.FilledSquare or MarkerShape.FilledTriangleUp or MarkerShape.FilledTriangleDown or MarkerShape.FilledDiamond;

    static (double X, double Y)[] Corners(MarkerShape shape, double x, double y, double r) => shape switch
    {
        MarkerShape.FilledSquare or MarkerShape.OpenSquare => [(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)],
        MarkerShape.FilledTriangleUp or MarkerShape.OpenTriangleUp => [(x, y - r), (x + r, y + r), (x - r, y + r)],
        MarkerShape.FilledTriangleDown or MarkerShape.OpenTriangleDown => [(x - r, y - r), (x + r, y - r), (x, y + r)],
        MarkerShape.FilledDiamond or MarkerShape.OpenDiamond => [(x, y - r), (x + r, y), (x, y + r), (x - r, y)],
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "a marker's shape"),
    };
}
