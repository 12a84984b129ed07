namespace Harness.Figures;

/// <summary>Cuts a line into dashes.</summary>
static class Dashes
{
    /// <summary>Lengths as shares of the plot's width; the plot is about twice as wide as it is high.</summary>
    const double Dash = 0.016, Gap = 0.011, HeightOverWidth = 0.5;

    /// <summary>The two ends of each dash along a line, in plot coordinates.</summary>
    /// <param name="width">Of the plot, in units of x.</param>
    /// <param name="height">Of the plot, in units of y.</param>
    public static IEnumerable<(double[] Xs, double[] Ys)> Along(IReadOnlyList<SeriesPoint> points, double width, double height)
    {
        double walked = 0;
        for (int i = 1; i < points.Count; i++)
        {
            (SeriesPoint from, SeriesPoint to) = (points[i - 1], points[i]);
            double dx = (to.X - from.X) / width, dy = (to.Y - from.Y) / height * HeightOverWidth;
            double length = Math.Sqrt(dx * dx + dy * dy);
            double end = walked + length;
            for (double start = Math.Floor(walked / (Dash + Gap)) * (Dash + Gap); start < end && length > 0; start += Dash + Gap)
            {
                double first = Math.Max(start, walked), last = Math.Min(start + Dash, end);
                if (last <= first)
                    continue;
                double a = (first - walked) / length, b = (last - walked) / length;
                yield return ([At(from.X, to.X, a), At(from.X, to.X, b)], [At(from.Y, to.Y, a), At(from.Y, to.Y, b)]);
            }
            walked = end;
        }
    }

    static double At(double from, double to, double share) => from + share * (to - from);
}
