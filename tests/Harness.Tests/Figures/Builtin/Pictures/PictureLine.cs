namespace Harness.Pictures;

/// <summary>How the points of one name are drawn.</summary>
/// <param name="Name">As the rows have it.</param>
/// <param name="Colour">Its place among the figures' colours; -1 is the colour of text.</param>
sealed record PictureLine(string Name, int Colour)
{
    /// <summary>A smaller second line of the label.</summary>
    public string Note { get; init; } = "";

    /// <summary>Rows of this name are the line, and the own ones its markers; null where the markers are joined.</summary>
    public string? Curve { get; init; }

    /// <summary>Markers alone.</summary>
    public bool IsApart { get; init; }

    /// <summary>A line alone.</summary>
    public bool IsPlain { get; init; }

    /// <summary>One point, whose height a thin line carries to the right.</summary>
    public bool IsLevel { get; init; }

    public bool IsDashed { get; init; }

    /// <summary>Nobody can deploy it: grey and dashed.</summary>
    public bool IsUpperBound { get; init; }
}
