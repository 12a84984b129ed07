using System.Globalization;
using System.Text;

namespace ScottPlot.Drawing;

/// <summary>SVG text: one element a line, indented, numbers rounded to two decimals, line feeds only.</summary>
sealed class SvgWriter
{
    readonly StringBuilder text = new();
    int depth;

    public override string ToString() => text.ToString();

    public void Open(string element, params (string Name, string Value)[] attributes)
    {
        Start(element, attributes).Append(">\n");
        depth++;
    }

    public void Close(string element)
    {
        depth--;
        text.Append(' ', depth * 2).Append("</").Append(element).Append(">\n");
    }

    public void Empty(string element, params (string Name, string Value)[] attributes) => Start(element, attributes).Append("/>\n");

    public void Text(string element, string content, params (string Name, string Value)[] attributes) =>
        Start(element, attributes).Append('>').Append(Escape(content)).Append("</").Append(element).Append(">\n");

    public void Line(IReadOnlyList<(double X, double Y)> points, Color color, double width) =>
        Empty("polyline", ("points", Points(points)), ("fill", "none"), ("stroke", Hex(color)),
            ("stroke-opacity", Number(color.Alpha / 255.0)), ("stroke-width", Number(width)), ("stroke-linejoin", "round"));

    public void Area(string role, IReadOnlyList<(double X, double Y)> outline, Color fill, double lineWidth)
    {
        List<(string, string)> attributes =
        [
            ("class", role), ("points", Points(outline)), ("fill", Hex(fill)), ("fill-opacity", Number(fill.Alpha / 255.0)),
        ];
        if (lineWidth > 0)
            attributes.AddRange([("stroke", Hex(fill)), ("stroke-width", Number(lineWidth))]);
        Empty("polygon", [.. attributes]);
    }

    public void Polygon(IReadOnlyList<(double X, double Y)> corners, Color color, bool filled) =>
        Empty("polygon", [("points", Points(corners)), .. Paint(color, filled)]);

    public void Circle(double x, double y, double radius, Color color, bool filled) =>
        Empty("circle", [("cx", Number(x)), ("cy", Number(y)), ("r", Number(radius)), .. Paint(color, filled)]);

    public static string Number(double value)
    {
        string rounded = value.ToString("0.##", CultureInfo.InvariantCulture);
        return rounded == "-0" ? "0" : rounded;
    }

    public static string Hex(Color color) => $"#{color.Red:x2}{color.Green:x2}{color.Blue:x2}";

    static string Points(IReadOnlyList<(double X, double Y)> points) =>
        string.Join(' ', points.Select(point => $"{Number(point.X)},{Number(point.Y)}"));

    static (string, string)[] Paint(Color color, bool filled) =>
        filled ? [("fill", Hex(color))] : [("fill", "#ffffff"), ("stroke", Hex(color)), ("stroke-width", "1.5")];

    static string Escape(string content) =>
        content.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;");

    StringBuilder Start(string element, (string Name, string Value)[] attributes)
    {
        text.Append(' ', depth * 2).Append('<').Append(element);
        foreach ((string name, string value) in attributes)
            text.Append(' ').Append(name).Append("=\"").Append(Escape(value)).Append('"');
        return text;
    }
}
