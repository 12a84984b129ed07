namespace Harness.Figures;

/// <summary>Moves the lines of a panel with whiskers a little apart, so that no whisker hides another.</summary>
static class Dodge
{
    const double LargestStep = 5, LargestStepOfPoints = 24;

    /// <summary>Lines are moved; levels beside them stay in the middle, and are moved where there is nothing else.</summary>
    public static Panel Apply(Panel panel, PlotArea area)
    {
        Series[] moved = [.. panel.Series.Where(series => !series.IsLevel)];
        if (moved.Length == 0)
            moved = [.. panel.Series];
        if (panel.HasBands || panel.KeepsPlaces || moved.Length < 2)
            return panel;
        double step = Math.Min(moved[0].IsLevel ? LargestStepOfPoints : LargestStep, Closest(panel, area) / (moved.Length + 1));
        return panel with
        {
            Series = [.. panel.Series.Select(series => Array.IndexOf(moved, series) is >= 0 and int index
                ? Beside(series, area, (index - (moved.Length - 1) / 2.0) * step)
                : series)],
        };
    }

    static Series Beside(Series series, PlotArea area, double pixels) =>
        series with
        {
            Points = [.. series.Points.Select(point => point with { X = area.Beside(point.X, pixels) })],
            Path = series.Path is { } path ? [.. path.Select(point => (area.Beside(point.X, pixels), point.Y))] : null,
        };

    /// <summary>Pixels between a line's neighbouring points, where they are closest.</summary>
    static double Closest(Panel panel, PlotArea area) => panel.Series
        .SelectMany(series => series.Points.Zip(series.Points.Skip(1), (left, right) => area.PixelX(right.X) - area.PixelX(left.X)))
        .DefaultIfEmpty(double.MaxValue).Min();
}
