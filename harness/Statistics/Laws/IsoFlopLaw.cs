using Harness.Kernels.ExactMath;

namespace Harness.Statistics.Laws;

/// <summary>
/// N = G C^a: the model size of least loss for a budget. At each budget the loss is a parabola of ln N by least squares, and a line through
/// the logarithms of the parabolas' lowest points gives the law. A parabola is symmetric and the loss of N parameters and D tokens is not,
/// so that even points without noise give a bias, the larger the more widely the sizes are spread (docs/command-line.md).
/// </summary>
public sealed class IsoFlopLaw : ILaw
{
    /// <summary>Budgets that differ by less are one.</summary>
    const double SameBudget = 1.01;

    public string Name => "isoflop";
    public string Summary => "the best model size for a budget, by a parabola at each";
    public string Formula => "N = G C^a where L is least, L = l + c (ln N - ln N_best)^2 at each budget C";
    public string Source => "approach 2 of Hoffmann et al. 2022, arXiv 2203.15556";
    public IReadOnlyList<string> Inputs { get; } = ["flops", "parameters"];
    public string Output => "loss";
    public IReadOnlyList<string> Parameters { get; } = ["G", "a"];
    public string LossName => "half the sum of squares of ln N over budgets";

    /// <summary>
    /// Left out are budgets of fewer than three sizes, whose parabola has no lowest point, or whose lowest point lies beyond their sizes.
    /// </summary>
    /// <inheritdoc/>
    public LawFit Fit(LawData data, LawFit? near = null)
    {
        int[] order =
        [
            .. Enumerable.Range(0, data.Points)
                .Where(i => data.Inputs[0][i] > 0 && data.Inputs[1][i] > 0 && double.IsFinite(data.Outputs[i]))
                .OrderBy(i => data.Inputs[0][i]),
        ];
        List<double> budgets = [], sizes = [];
        int used = 0;
        for (int first = 0; first < order.Length;)
        {
            int end = first;
            while (end < order.Length && data.Inputs[0][order[end]] <= SameBudget * data.Inputs[0][order[first]])
                end++;
            int[] points = order[first..end];
            double lowest = Lowest([.. points.Select(i => ExactDouble.Log(data.Inputs[1][i]))], [.. points.Select(i => data.Outputs[i])]);
            if (!double.IsNaN(lowest))
            {
                budgets.Add(ExactDouble.Log(Mean.Of([.. points.Select(i => data.Inputs[0][i])])));
                sizes.Add(lowest);
                used += points.Length;
            }
            first = end;
        }
        StraightLine line = new([.. budgets], [.. sizes]);
        return line.IsDefined
            ? new LawFit([ExactDouble.Exp(line.Intercept), line.Slope], line.Loss, used, data.Points - used, 1, 1)
            : LawFit.Undefined(2, used, data.Points - used);
    }

    /// <summary>NaN: the law says which size is best, not what loss it has.</summary>
    public double Predict(ReadOnlySpan<double> parameters, ReadOnlySpan<double> inputs) => double.NaN;

    /// <summary>Where the parabola of least squares through the points is lowest; NaN where that is not between them.</summary>
    static double Lowest(double[] x, double[] y)
    {
        if (x.Distinct().Count() < 3)
            return double.NaN;
        // In 1, u and u^2 - skew u - spread, which are orthogonal over the points.
        double middle = Mean.Of(x), level = Mean.Of(y);
        double[] u = [.. x.Select(value => value - middle)];
        double spread = Mean.Of([.. u.Select(value => value * value)]);
        double skew = Mean.Of([.. u.Select(value => value * value * value)]) / spread;
        double slope = 0, curve = 0, squares = 0;
        for (int i = 0; i < u.Length; i++)
        {
            double bend = u[i] * u[i] - skew * u[i] - spread;
            slope += u[i] * (y[i] - level);
            curve += bend * (y[i] - level);
            squares += bend * bend;
        }
        slope /= spread * u.Length;
        curve /= squares;
        double lowest = middle + skew / 2 - slope / (2 * curve);
        return curve > 0 && lowest >= x.Min() && lowest <= x.Max() ? lowest : double.NaN;
    }
}
