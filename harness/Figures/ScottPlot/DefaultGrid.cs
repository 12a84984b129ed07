namespace ScottPlot.Grids;

public class DefaultGrid
{
    internal DefaultGrid()
    {
    }

    public Color MajorLineColor { get; set; } = Color.FromHex("#e5e5e5");
}
