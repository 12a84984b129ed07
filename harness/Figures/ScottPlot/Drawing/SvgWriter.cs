using System.Globalization;
using System.Text;

namespace ScottPlot.Drawing;

/// <summary>SVG text: one element a line, numbers rounded to two decimals, line feeds only.</summary>
sealed class SvgWriter
{
    readonly StringBuilder text = new();

    public override string ToString() => text.ToString();

    public void Open(string element, params (string Name, string Value)[] attributes) => Start(element, attributes).Append(">\n");

    public void Close(string element) => text.Append("</").Append(element).Append(">\n");

    public void Empty(string element, params (string Name, string Value)[] attributes) => Start(element, attributes).Append("/>\n");

    public void Segment(double x1, double y1, double x2, double y2, Color color, double width) =>
        Empty("line", ("x1", Number(x1)), ("y1", Number(y1)), ("x2", Number(x2)), ("y2", Number(y2)),
            ("stroke", Hex(color)), ("stroke-width", Number(width)));

    /// <summary>A line through the points, with a gap at each NaN.</summary>
    public void Line(IEnumerable<(double X, double Y)> points, Color color, double width)
    {
        StringBuilder path = new();
        char command = 'M';
        foreach ((double x, double y) in points)
        {
            bool isGap = double.IsNaN(x) || double.IsNaN(y);
            if (!isGap)
                path.Append(command).Append(Number(x)).Append(' ').Append(Number(y));
            command = isGap ? 'M' : 'L';
        }
        Empty("path", ("d", path.ToString()), ("fill", "none"), ("stroke", Hex(color)), ("stroke-width", Number(width)),
            ("stroke-linejoin", "round"));
    }

    public void Area(IEnumerable<(double X, double Y)> outline, Color fill) =>
        Empty("polygon", ("points", Points(outline)), ("fill", Hex(fill)), ("fill-opacity", Number(fill.Alpha / 255.0)));

    public void Polygon(IEnumerable<(double X, double Y)> corners, Color fill) =>
        Empty("polygon", ("points", Points(corners)), ("fill", Hex(fill)));

    public void Circle(double x, double y, double radius, Color fill) =>
        Empty("circle", ("cx", Number(x)), ("cy", Number(y)), ("r", Number(radius)), ("fill", Hex(fill)));

    public static string Hex(Color color) => $"#{color.Red:x2}{color.Green:x2}{color.Blue:x2}";

    static string Number(double value)
    {
        string rounded = value.ToString("0.##", CultureInfo.InvariantCulture);
        return rounded == "-0" ? "0" : rounded;
    }

    static string Points(IEnumerable<(double X, double Y)> points) =>
        string.Join(' ', points.Select(point => $"{Number(point.X)},{Number(point.Y)}"));

    StringBuilder Start(string element, (string Name, string Value)[] attributes)
    {
        text.Append('<').Append(element);
        foreach ((string name, string value) in attributes)
            text.Append(' ').Append(name).Append("=\"").Append(value).Append('"');
        return text;
    }
}
