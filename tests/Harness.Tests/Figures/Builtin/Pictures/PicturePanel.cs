namespace Harness.Pictures;

/// <summary>One plot of a picture.</summary>
/// <param name="Heading">As the rows have it.</param>
/// <param name="Facts">A line below the heading.</param>
sealed record PicturePanel(string Heading, string Facts, IReadOnlyList<PictureLine> Lines)
{
    /// <summary>Rows of this name are no line: an upright one stands at each of their x.</summary>
    public const string Upright = "upright line";

    /// <summary>Intervals as whiskers, however few the lines are.</summary>
    public bool HasWhiskers { get; init; }

    /// <summary>Whether whiskers of different lines at one place would hide one another, so that they are moved apart.</summary>
    public bool MovesApart { get; init; }
}
