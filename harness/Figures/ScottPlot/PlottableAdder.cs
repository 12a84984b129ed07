using ScottPlot.Plottables;

namespace ScottPlot;

public class PlottableAdder
{
    internal PlottableAdder()
    {
    }

    internal List<IPlottable> Plottables { get; } = [];

    public Scatter Scatter(double[] xs, double[] ys, Color? color = null)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(ys.Length, xs.Length, nameof(ys));
        Scatter scatter = new(xs, ys) { Color = color ?? Color.FromHex("#0072b2") };
        Plottables.Add(scatter);
        return scatter;
    }

    /// <summary>The band between two heights at each x.</summary>
    public FillY FillY(double[] xs, double[] ys1, double[] ys2)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(ys1.Length, xs.Length, nameof(ys1));
        ArgumentOutOfRangeException.ThrowIfNotEqual(ys2.Length, xs.Length, nameof(ys2));
        FillY fill = new(xs, ys1, ys2);
        Plottables.Add(fill);
        return fill;
    }
}
