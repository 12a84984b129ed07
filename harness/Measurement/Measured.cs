namespace Harness.Measurement;

/// <summary>What repeated measuring gave for one quantity.</summary>
public readonly record struct Measured(double Median, double Low, double High, int Runs)
{
    /// <param name="values">At least one, in any order.</param>
    public static Measured Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Measured(MedianOf(sorted), sorted[0], sorted[^1], sorted.Length);
    }

    /// <param name="sorted">At least one value, ascending; the median of an even number of values is the mean of the two in the
    /// middle.</param>
    public static double MedianOf(IReadOnlyList<double> sorted) => (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
}
