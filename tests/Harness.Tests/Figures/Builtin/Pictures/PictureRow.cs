namespace Harness.Pictures;

/// <summary>A point of a picture of docs/statistics.md, as its CSV file has it; NaN where there is no interval.</summary>
/// <param name="Panel">the panel's heading</param>
/// <param name="Line">what the point belongs to</param>
readonly record struct PictureRow(string Panel, string Line, double X, double Y, double Low, double High)
{
    public PictureRow(string panel, string line, double x, double y) : this(panel, line, x, y, double.NaN, double.NaN)
    {
    }
}
