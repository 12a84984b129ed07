namespace ScottPlot;

/// <summary>The shapes that the figures use, numbered as the package numbers them.</summary>
public enum MarkerShape
{
    None = 0,
    FilledCircle = 1,
    OpenCircle = 2,
    FilledSquare = 3,
    OpenSquare = 4,
    FilledTriangleUp = 5,
    OpenTriangleUp = 6,
    FilledTriangleDown = 7,
    OpenTriangleDown = 8,
    FilledDiamond = 9,
    OpenDiamond = 10,
}
