namespace ScottPlot;

public class LayoutManager
{
    internal LayoutManager()
    {
    }

    internal PixelPadding Padding { get; private set; } = new(60, 20, 50, 20);

    /// <summary>The data area keeps so much room to the figure's edges.</summary>
    public void Fixed(PixelPadding padding) => Padding = padding;
}

/// <summary>Pixels.</summary>
public struct PixelPadding(float left, float right, float bottom, float top)
{
    public float Left = left;
    public float Right = right;
    public float Bottom = bottom;
    public float Top = top;
}
