namespace ScottPlot;

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
