namespace ScottPlot;

/// <summary>The shapes that the figures use, numbered as the package numbers them.</summary>
public enum MarkerShape
{
    None = 0,
    FilledCircle = 1,
    FilledSquare = 3,
    FilledTriangleUp = 5,
    FilledTriangleDown = 7,
    FilledDiamond = 9,
}
