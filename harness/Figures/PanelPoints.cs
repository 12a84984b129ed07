using System.Globalization;
using Harness.Kernels.ExactMath;

namespace Harness.Figures;

/// <summary>The values of a panel's points, and where its markers stand.</summary>
static class PanelPoints
{
    /// <param name="panel">With the values.</param>
    /// <param name="drawn">The same panel, its lines moved apart.</param>
    public static IEnumerable<FigurePoint> Of(Panel panel, Panel drawn, PlotArea area) =>
        panel.Series.Zip(drawn.Series).SelectMany(series => series.First.Points.Zip(series.Second.Points,
            (point, marker) => new FigurePoint(
                Math.Round(area.PixelX(marker.X), 1), Math.Round(area.PixelY(marker.Y), 1), Text(panel, series.First, point, area))));

    static string Text(Panel panel, Series series, SeriesPoint point, PlotArea area)
    {
        string interval = point.HasInterval ? $" ({Number(point.Low)} to {Number(point.High)})" : "";
        return $"{panel.Heading}, {series.FullName}\n{area.Y.Label}: {Number(point.Y)}{interval}\n"
            + $"{area.X.Label.Split(" (")[0]}: {Number(ExactDouble.Pow(10, point.X))}";
    }

    static string Number(double value) => value.ToString(
        Math.Abs(value) switch { < 1000 => "0.##", < 1e7 => "#,0", _ => "0.##e0" }, CultureInfo.InvariantCulture);
}
