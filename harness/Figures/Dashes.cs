namespace Harness.Figures;

/// <summary>Cuts a line into dashes: the package cannot write dashed lines into SVG.</summary>
static class Dashes
{
    const double Dash = 6, Gap = 4;

    /// <summary>The ends of all dashes along a line, in plot coordinates, each pair followed by NaN.</summary>
    public static (double[] Xs, double[] Ys) Along(IReadOnlyList<(double X, double Y)> points, PlotArea area)
    {
        List<double> xs = [], ys = [];
        double walked = 0;
        for (int i = 1; i < points.Count; i++)
        {
            ((double X, double Y) from, (double X, double Y) to) = (points[i - 1], points[i]);
            double dx = area.PixelX(to.X) - area.PixelX(from.X), dy = area.PixelY(to.Y) - area.PixelY(from.Y);
            double length = Math.Sqrt(dx * dx + dy * dy), end = walked + length;
            for (double start = Math.Floor(walked / (Dash + Gap)) * (Dash + Gap); start < end; start += Dash + Gap)
            {
                (double first, double last) = (Math.Max(start, walked), Math.Min(start + Dash, end));
                if (last <= first)
                    continue;
                xs.AddRange([At(from.X, to.X, (first - walked) / length), At(from.X, to.X, (last - walked) / length), double.NaN]);
                ys.AddRange([At(from.Y, to.Y, (first - walked) / length), At(from.Y, to.Y, (last - walked) / length), double.NaN]);
            }
            walked = end;
        }
        return ([.. xs], [.. ys]);
    }

    static double At(double from, double to, double share) => from + share * (to - from);
}
