namespace Harness.Figures;

/// <summary>One of a figure's plots.</summary>
/// <param name="Heading">what it shows, such as a pool</param>
/// <param name="Facts">how that was asked</param>
/// <param name="Series">at most <see cref="MostLines"/> lines, and at most <see cref="MostLevels"/> levels beside them</param>
sealed record Panel(string Heading, string Facts, IReadOnlyList<Series> Series)
{
    public const int MostLines = 4;
    public const int MostLevels = 2;

    /// <summary>Bands of more than three lines would hide one another.</summary>
    const int MostBands = 3;

    /// <summary>Asked for whatever the number of lines.</summary>
    public bool Whiskers { get; init; }

    /// <summary>Points stay where they are, though one may hide another.</summary>
    public bool KeepsPlaces { get; init; }

    /// <summary>Where upright lines stand, in plot coordinates.</summary>
    public IReadOnlyList<double> Steps { get; init; } = [];

    /// <summary>Intervals as bands; else as whiskers, side by side.</summary>
    public bool HasBands => !Whiskers && Series.Count(series => series.Points.Count > 1) is > 0 and <= MostBands;

    /// <summary>The order of the labels, as of a legend: by the height at which the lines end, the highest first.</summary>
    public IEnumerable<Series> ByFinalHeight => Series.OrderByDescending(series => series.End.Y);
}
