namespace ScottPlot;

public class LabelStyle
{
    public string Text { get; set; } = "";
    public Color ForeColor { get; set; } = Color.FromHex("#000000");
    public float FontSize { get; set; } = 12;
    public bool Bold { get; set; }
}

public class LineStyle
{
    public bool IsVisible { get; set; } = true;
    public float Width { get; set; }
    public Color Color { get; set; } = Color.FromHex("#000000");
}

public class TickMarkStyle
{
    public float Length;
    public float Width;
    public Color Color = Color.FromHex("#000000");
}

public class BackgroundStyle
{
    public Color Color { get; set; }
}

/// <summary>Accepted and not used: a figure of the stand-in is set in the reader's own sans-serif font.</summary>
public static class Fonts
{
    public static string Default { get; set; } = "sans-serif";
}
