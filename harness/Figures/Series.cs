namespace Harness.Figures;

/// <summary>A point with its interval, in plot coordinates; NaN ends where there is no interval.</summary>
readonly record struct SeriesPoint(double X, double Y, double Low, double High)
{
    public bool HasInterval => double.IsFinite(Low) && double.IsFinite(High);
}

/// <summary>One line of a figure; its points are in ascending x.</summary>
/// <param name="Color">index of its colour; each strategy has one</param>
/// <param name="Marker">index of its marker; each series has one</param>
sealed record Series(string Label, int Color, int Marker, IReadOnlyList<SeriesPoint> Points);
