namespace Harness.Figures;

/// <summary>A line's label beside the panel's right edge.</summary>
/// <param name="Middle">its height in pixels of the figure</param>
readonly record struct EndLabel(Series Series, string Name, string Note, double Middle, double Height);

/// <summary>Places the labels of a panel's lines as near to the lines' ends as they can be without overlapping.</summary>
static class EndLabels
{
    public const double FontSize = 12, NoteSize = 10.5;

    const double LineHeight = 15, NoteHeight = 12;

    /// <param name="room">for a label's text, in pixels</param>
    public static IReadOnlyList<EndLabel> Place(Panel panel, PlotArea area, double room)
    {
        Series[] series = [.. panel.ByFinalHeight];
        double[] heights = [.. series.Select(line => LineHeight + (line.Note.Length > 0 ? NoteHeight : 0))];
        double[] tops = Tops([.. series.Select((line, i) => area.PixelY(line.End.Y) - heights[i] / 2)], heights, area.Top, area.Bottom);
        return [.. series.Select((line, i) => new EndLabel(
            line,
            TextWidth.Fit(line.Name, room, FontSize),
            TextWidth.Fit(line.Note, room, NoteSize),
            tops[i] + heights[i] / 2,
            heights[i]))];
    }

    /// <summary>The width of the longest label.</summary>
    public static double Longest(IEnumerable<Panel> panels) => panels.SelectMany(panel => panel.Series)
        .Select(series => Math.Max(TextWidth.Of(series.Name, FontSize), TextWidth.Of(series.Note, NoteSize))).Max();

    /// <summary>
    /// The nearest tops, in least squares, that keep the order and do not overlap: neighbours that would are one block at the mean of what
    /// they want.
    /// </summary>
    /// <param name="wanted">tops in order</param>
    static double[] Tops(double[] wanted, double[] heights, double lowest, double highest)
    {
        List<(int First, int Count, double Sum, double Height)> blocks = [];
        for (int i = 0; i < wanted.Length; i++)
        {
            (int First, int Count, double Sum, double Height) block = (i, 1, wanted[i], heights[i]);
            while (blocks.Count > 0 && Top(blocks[^1]) + blocks[^1].Height > Top(block))
            {
                (int First, int Count, double Sum, double Height) above = blocks[^1];
                blocks.RemoveAt(blocks.Count - 1);
                block = (above.First, above.Count + block.Count, above.Sum + block.Sum - block.Count * above.Height,
                    above.Height + block.Height);
            }
            blocks.Add(block);
        }
        double[] tops = new double[wanted.Length];
        foreach ((int First, int Count, double Sum, double Height) block in blocks)
        {
            double top = Top(block);
            for (int i = block.First; i < block.First + block.Count; i++)
            {
                tops[i] = top;
                top += heights[i];
            }
        }
        return tops;

        double Top((int First, int Count, double Sum, double Height) block) =>
            Math.Max(lowest, Math.Min(block.Sum / block.Count, highest - block.Height));
    }
}
