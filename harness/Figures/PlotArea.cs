namespace Harness.Figures;

/// <summary>The rectangle of a panel's data in pixels of the figure, and the scales along it.</summary>
readonly record struct PlotArea(double Left, double Top, double Width, double Height, AxisScale X, AxisScale Y)
{
    public double Right => Left + Width;
    public double Bottom => Top + Height;

    public double PixelX(double coordinate) => Left + Width * ((coordinate - X.Low) / (X.High - X.Low));

    public double PixelY(double coordinate) => Bottom - Height * ((coordinate - Y.Low) / (Y.High - Y.Low));

    /// <summary>The coordinate so many pixels to the right of another.</summary>
    public double Beside(double coordinate, double pixels) => coordinate + pixels * (X.High - X.Low) / Width;
}
