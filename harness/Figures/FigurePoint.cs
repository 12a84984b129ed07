namespace Harness.Figures;

/// <summary>A point of a figure, for those who ask for its values.</summary>
/// <param name="X">Where its marker is, in the figure's own pixels.</param>
/// <param name="Y">The same from the top.</param>
/// <param name="Text">A line for its series, one for its value with its interval, and one for where it is.</param>
public readonly record struct FigurePoint(double X, double Y, string Text);
