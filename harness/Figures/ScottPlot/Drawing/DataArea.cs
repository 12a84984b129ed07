namespace ScottPlot.Drawing;

/// <summary>The rectangle of the data in pixels, and the coordinates that its edges stand for.</summary>
readonly record struct DataArea(double Left, double Top, double Right, double Bottom, IXAxis Horizontal, IYAxis Vertical)
{
    public double X(double coordinate) => Left + (Right - Left) * ((coordinate - Horizontal.Min) / (Horizontal.Max - Horizontal.Min));

    public double Y(double coordinate) => Bottom - (Bottom - Top) * ((coordinate - Vertical.Min) / (Vertical.Max - Vertical.Min));
}
