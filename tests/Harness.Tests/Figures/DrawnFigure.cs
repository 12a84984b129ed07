extern alias Builtin;

using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Builtin::Harness.Figures;

namespace Harness.Tests.Figures;

/// <summary>A rectangle in pixels of a figure.</summary>
readonly record struct Box(double Left, double Top, double Right, double Bottom)
{
    public bool Overlaps(Box other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;

    public bool Contains(Box other) => Left <= other.Left && Top <= other.Top && Right >= other.Right && Bottom >= other.Bottom;
}

/// <summary>Something drawn: a line, a filled shape or a marker.</summary>
/// <param name="Colour">of its line or its area</param>
/// <param name="Gaps">whether the line has any</param>
sealed record Mark(string Colour, bool IsLine, double Opacity, (double X, double Y)[] Points, bool Gaps)
{
    public Box Bounds { get; } = new(Points.Min(p => p.X), Points.Min(p => p.Y), Points.Max(p => p.X), Points.Max(p => p.Y));

    public double Middle => (Bounds.Left + Bounds.Right) / 2;
    public bool IsBand => !IsLine && Opacity < 1;
    public bool IsMarker => !IsLine && Opacity == 1;
}

/// <summary>A figure as its tests see it, whichever renderer drew the marks.</summary>
sealed partial class DrawnFigure
{
    public DrawnFigure(string svg)
    {
        Root = XDocument.Parse(svg).Root!;
        Panels = [.. OfClass(Root, "panel").Select(panel => new DrawnPanel(panel))];
    }

    public XElement Root { get; }
    public DrawnPanel[] Panels { get; }

    public Box Page => new(0, 0, Number(Root, "width"), Number(Root, "height"));

    public string[] Texts(string role) => [.. OfClass(Root, role).Select(text => text.Value)];

    public static IEnumerable<XElement> OfClass(XElement root, string name) =>
        root.Descendants().Where(element => (string?)element.Attribute("class") == name);

    public static double Number(XElement element, string attribute) =>
        double.Parse((string)element.Attribute(attribute)!, CultureInfo.InvariantCulture);

    /// <summary>The room of a text in DejaVu Sans.</summary>
    public static Box BoxOf(XElement text)
    {
        (double x, double y, double size) = (Number(text, "x"), Number(text, "y"), Number(text, "font-size"));
        double width = TextWidth.Of(text.Value, size, text.Attribute("font-weight") is not null);
        double before = (string?)text.Attribute("text-anchor") switch { "middle" => width / 2, "end" => width, _ => 0 };
        return text.Attribute("transform") is null
            ? new Box(x - before, y - .75 * size, x - before + width, y + .22 * size)
            : new Box(x - size / 2, y - width / 2, x + size / 2, y + width / 2);
    }

    public static IEnumerable<Mark> MarksOf(XElement group)
    {
        foreach (XElement element in group.Descendants().Where(element => element.Name.LocalName != "g"))
        {
            string? fill = (string?)element.Attribute("fill") is { } colour and not "none" ? colour : null;
            string path = (string?)element.Attribute("d") ?? "";
            (double, double)[] points = element.Name.LocalName switch
            {
                "path" => Pairs(path),
                "polygon" => Pairs((string)element.Attribute("points")!),
                "line" => [(Number(element, "x1"), Number(element, "y1")), (Number(element, "x2"), Number(element, "y2"))],
                "circle" => Around(Number(element, "cx"), Number(element, "cy"), Number(element, "r"), Number(element, "r")),
                "ellipse" => Around(Number(element, "cx"), Number(element, "cy"), Number(element, "rx"), Number(element, "ry")),
                "rect" => Corners(element),
                string other => throw new AssertionException($"<{other}> among the marks"),
            };
            yield return new Mark(
                fill ?? (string)element.Attribute("stroke")!, fill is null,
                element.Attribute("fill-opacity") is null ? 1 : Number(element, "fill-opacity"), points, path.LastIndexOf('M') > 0);
        }
    }

    static (double, double)[] Around(double x, double y, double rx, double ry) => [(x - rx, y - ry), (x + rx, y + ry)];

    static (double, double)[] Corners(XElement rectangle)
    {
        (double x, double y) = (Number(rectangle, "x"), Number(rectangle, "y"));
        return [(x, y), (x + Number(rectangle, "width"), y + Number(rectangle, "height"))];
    }

    static (double, double)[] Pairs(string text)
    {
        double[] numbers = [.. Numbers().Matches(text).Select(number => double.Parse(number.Value, CultureInfo.InvariantCulture))];
        return [.. numbers.Chunk(2).Select(pair => (pair[0], pair[1]))];
    }

    [GeneratedRegex("-?[0-9]+(?:\\.[0-9]+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}

/// <summary>One of a figure's panels.</summary>
sealed class DrawnPanel
{
    public DrawnPanel(XElement panel)
    {
        Element = panel;
        XElement marks = DrawnFigure.OfClass(panel, "marks").Single();
        string[] moved = ((string)marks.Attribute("transform")!)["translate(".Length..^1].Split(' ');
        (double x, double y) = (double.Parse(moved[0], CultureInfo.InvariantCulture), double.Parse(moved[1], CultureInfo.InvariantCulture));
        Marks = [.. DrawnFigure.MarksOf(marks).Select(mark => mark with { Points = [.. mark.Points.Select(p => (p.X + x, p.Y + y))] })
            .Select(mark => new Mark(mark.Colour, mark.IsLine, mark.Opacity, mark.Points, mark.Gaps))];
    }

    public XElement Element { get; }
    public Mark[] Marks { get; }
    public string Heading => Texts("heading").Single();

    /// <summary>From top to bottom.</summary>
    public string[] Labels => Texts("label");

    /// <summary>Of the data: neither grid nor axes.</summary>
    public IEnumerable<Mark> Data => Marks.Where(mark => mark.Colour != Theme.Grid.Light && mark.Colour != Theme.Muted.Light);

    public IEnumerable<Mark> Markers => Data.Where(mark => mark.IsMarker);

    /// <summary>From the lines of the grid, which end at the axes.</summary>
    public Box Area
    {
        get
        {
            (double X, double Y)[] grid = [.. Marks.Where(mark => mark.Colour == Theme.Grid.Light).SelectMany(mark => mark.Points)];
            return new Box(grid.Min(p => p.X), grid.Min(p => p.Y), grid.Max(p => p.X), grid.Max(p => p.Y));
        }
    }

    public string[] Texts(string role) => [.. DrawnFigure.OfClass(Element, role).Select(text => text.Value)];

    /// <summary>The colour of each label's piece of line, by the label.</summary>
    public Dictionary<string, string> Colours => Labels.Zip(DrawnFigure.OfClass(Element, "symbol"))
        .ToDictionary(pair => pair.First, pair => (string)pair.Second.Attribute("stroke")!);

    public Mark[] MarkersOf(string label) => [.. Markers.Where(mark => mark.Colour == Colours[label])];
}
