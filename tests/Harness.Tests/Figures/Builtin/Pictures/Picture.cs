using Harness.Figures;
using ScottPlot;

namespace Harness.Pictures;

/// <summary>A picture of docs/statistics.md: how its rows are drawn. Nothing but rows and this goes into the file.</summary>
sealed record Picture(string Name, string Title)
{
    static readonly MarkerShape[] Markers =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledTriangleDown,
        MarkerShape.FilledDiamond,
    ];

    /// <summary>Lines below the title.</summary>
    public required IReadOnlyList<string> Explained { get; init; }

    public required PictureAxis X { get; init; }

    public required PictureAxis Y { get; init; }

    public required IReadOnlyList<PicturePanel> Panels { get; init; }

    public string Draw(IReadOnlyList<PictureRow> rows)
    {
        double[] xs = [.. rows.Select(row => row.X)];
        double[] ys = [.. rows.SelectMany(row => new[] { row.Y, row.Low, row.High }).Where(double.IsFinite)];
        return FigureDrawing.Draw(
            $"{Name}.svg", Title, Explained, [.. Panels.Select(panel => Drawn(panel, rows))],
            pixels => X.Scale(xs, pixels), Y.Scale(ys, 0)).Svg;
    }

    Panel Drawn(PicturePanel panel, IReadOnlyList<PictureRow> rows)
    {
        ILookup<string, PictureRow> own = rows.Where(row => row.Panel == panel.Heading).ToLookup(row => row.Line);
        return new Panel(
            panel.Heading, panel.Facts,
            [.. panel.Lines.Where(line => own.Contains(line.Name)).Select((line, place) => Drawn(line, place, own))])
        {
            Whiskers = panel.HasWhiskers,
            KeepsPlaces = !panel.MovesApart,
            Steps = [.. own[PicturePanel.Upright].Select(row => X.Coordinate(row.X))],
        };
    }

    Series Drawn(PictureLine line, int place, ILookup<string, PictureRow> rows) => new(
        line.Name,
        line.IsUpperBound ? Theme.Bound : line.Colour < 0 ? Theme.Ink : Theme.Lines[line.Colour],
        line.IsPlain ? MarkerShape.None : Markers[place % Markers.Length],
        [.. rows[line.Name].Select(row => new SeriesPoint(X.Coordinate(row.X), row.Y, row.Low, row.High))])
    {
        Note = line.Note,
        IsLevel = line.IsLevel,
        IsEarlier = line.IsDashed,
        IsUpperBound = line.IsUpperBound,
        Path = line.IsApart ? [] : line.Curve is { } curve ? [.. rows[curve].Select(row => (X.Coordinate(row.X), row.Y))] : null,
    };
}
