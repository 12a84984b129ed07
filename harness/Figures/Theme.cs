using System.Text;

namespace Harness.Figures;

/// <summary>A colour on white pages, and the one that takes its place on dark ones; #rrggbb, in lower case.</summary>
/// <remarks>
/// None that has a name or a short form in CSS: the package would write it so, and <see cref="Theme.Style"/> would not find it.
/// </remarks>
readonly record struct Tint(string Light, string Dark);

/// <summary>The figures' colours. A figure carries both forms, and the reader's program chooses by prefers-color-scheme.</summary>
static class Theme
{
    public static Tint Background { get; } = new("#ffffff", "#0d1117");

    /// <summary>Titles, labels, axes.</summary>
    public static Tint Ink { get; } = new("#24292f", "#e2e8f0");

    /// <summary>What explains: facts, notes, tick labels.</summary>
    public static Tint Muted { get; } = new("#57606a", "#9da7b3");

    public static Tint Grid { get; } = new("#e4e7eb", "#262d36");

    /// <summary>
    /// Strategies. Any two differ also for readers with protanopia, deuteranopia and tritanopia, and all stand out from both pages.
    /// </summary>
    public static IReadOnlyList<Tint> Lines { get; } =
    [
        new("#0068a8", "#4aaef5"), new("#d4690b", "#e8762d"), new("#0b8f5a", "#35e0a1"), new("#d6203c", "#ff8d85"),
        new("#3f2fd1", "#8f7dff"), new("#6b4a12", "#f0d647"), new("#e23cc8", "#f7a8ee"),
    ];

    /// <summary>An upper bound, grey.</summary>
    public static Tint Bound { get; } = new("#6e7681", "#8b949e");

    /// <summary>Several upper bounds, greys; the first stands out most.</summary>
    public static IReadOnlyList<Tint> Bounds { get; } =
        [new("#33393f", "#d1d7e0"), new("#4d555e", "#b3bcc6"), Bound, new("#8b8f94", "#6e7681")];

    public static IEnumerable<Tint> All => [Background, Ink, Muted, Grid, .. Lines, .. Bounds];

    /// <summary>The content of a figure's style element.</summary>
    public static string Style { get; } = WriteStyle();

    static string WriteStyle()
    {
        StringBuilder style = new("@media (prefers-color-scheme: dark) {\n");
        foreach (Tint tint in All)
        {
            style.Append($"  [fill=\"{tint.Light}\"] {{ fill: {tint.Dark} }}\n");
            style.Append($"  [stroke=\"{tint.Light}\"] {{ stroke: {tint.Dark} }}\n");
        }
        return style.Append("}\n").ToString();
    }
}
