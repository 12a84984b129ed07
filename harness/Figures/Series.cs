using ScottPlot;

namespace Harness.Figures;

/// <summary>A point with its interval, in plot coordinates; NaN ends where there is no interval.</summary>
readonly record struct SeriesPoint(double X, double Y, double Low, double High)
{
    public bool HasInterval => double.IsFinite(Low) && double.IsFinite(High);

    public double Highest => HasInterval ? Math.Max(Y, High) : Y;
}

/// <summary>One line of a panel; at least one point, in ascending x.</summary>
sealed record Series(string Name, Tint Tint, MarkerShape Marker, IReadOnlyList<SeriesPoint> Points)
{
    /// <summary>Of the lines of a panel, in their order.</summary>
    public static IReadOnlyList<MarkerShape> Markers { get; } =
        [MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledTriangleDown];

    /// <summary>A second, smaller line of its label.</summary>
    public string Note { get; init; } = "";

    /// <summary>Nobody can deploy it.</summary>
    public bool IsUpperBound { get; init; }

    /// <summary>What it was before, beside what it is now.</summary>
    public bool IsEarlier { get; init; }

    public bool IsDashed => IsUpperBound || IsEarlier;

    /// <summary>A single point whose height a thin line carries to the right, as a mark to compare others with.</summary>
    public bool IsLevel { get; init; }

    /// <summary>The line where it is not straight from point to point; null where it is.</summary>
    public IReadOnlyList<(double X, double Y)>? Path { get; init; }

    public SeriesPoint End => Points[^1];

    public string FullName => Note.Length > 0 ? $"{Name} ({Note})" : Name;
}
