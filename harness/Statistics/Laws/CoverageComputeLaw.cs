using Harness.Kernels.ExactMath;

namespace Harness.Statistics.Laws;

/// <summary>
/// Coverage against the compute of pretraining, -ln c = E(k) + C(k) compute^-a(k): for each k a law of its own, whose limit and exponent
/// say what more samples change (Schaeffer et al. 2026, arXiv 2509.24012). By least squares on -ln c, with E and C not negative. Coverages
/// of 0 and 1 are dropped.
/// </summary>
public sealed class CoverageComputeLaw : ILaw
{
    static readonly string[] names = ["E", "C", "a"];

    readonly double[]? counts;

    /// <summary>Of the k that its points come to have.</summary>
    public CoverageComputeLaw() => Parameters = [.. names.Select(name => $"{name}@k")];

    CoverageComputeLaw(double[] counts)
    {
        this.counts = counts;
        Parameters = [.. counts.SelectMany(k => names.Select(name => FormattableString.Invariant($"{name}@{k:R}")))];
    }

    public string Name => "coverage-compute";
    public string Summary => "coverage (pass@k) against the compute of pretraining, at each k";
    public string Formula => "-ln c = E(k) + C(k) compute^-a(k)";
    public string Source => "Schaeffer et al. 2026, arXiv 2509.24012";
    public IReadOnlyList<string> Inputs { get; } = ["k", "compute"];
    public string Output => "coverage";

    /// <summary>E@k, C@k and a@k for each k of the points, the smallest first.</summary>
    public IReadOnlyList<string> Parameters { get; }

    public string LossName => "half the sum of squares of -ln c";

    /// <summary>Points of one compute are of one model.</summary>
    public IReadOnlyList<int> ModelInputs { get; } = [1];

    public ILaw Over(LawData data) => new CoverageComputeLaw(CountsOf(data));

    public double Budget(ReadOnlySpan<double> inputs) => inputs[1];

    /// <summary>
    /// A k of fewer than three different computes, or whose coverage does not grow with them, has no fit: its parameters are NaN, and its
    /// points are left out.
    /// </summary>
    /// <inheritdoc/>
    public LawFit Fit(LawData data, LawFit? near = null)
    {
        double[] each = counts ?? CountsOf(data), parameters = new double[names.Length * each.Length];
        Array.Fill(parameters, double.NaN);
        (double loss, int used, int starts, int reached) = (0, 0, 0, 0);
        for (int place = 0; place < each.Length; place++)
        {
            int[] points = [.. Enumerable.Range(0, data.Points).Where(i => data.Inputs[0][i] == each[place] && CanUse(data, i))];
            SaturatingPowerCurve curve = new(
                [.. points.Select(i => ExactDouble.Log(data.Inputs[1][i]))], [.. points.Select(i => -ExactDouble.Log(data.Outputs[i]))]);
            if (!curve.IsDefined)
                continue;
            (parameters[names.Length * place], parameters[names.Length * place + 1], parameters[names.Length * place + 2]) =
                (curve.Limit, curve.Coefficient, curve.Exponent);
            (loss, used) = (loss + curve.Loss, used + points.Length);
            (starts, reached) = (starts + curve.Starts, reached + curve.Reached);
        }
        return used == 0
            ? LawFit.Undefined(parameters.Length, 0, data.Points)
            : new LawFit(parameters, loss, used, data.Points - used, starts, reached);
    }

    /// <summary>NaN for a k that has no fit.</summary>
    /// <inheritdoc/>
    public double Predict(ReadOnlySpan<double> parameters, ReadOnlySpan<double> inputs)
    {
        if (counts is null && parameters.Length != names.Length)
            throw new InvalidOperationException($"{parameters.Length} parameters, of which k isn't known: see {nameof(Over)}");
        int place = counts is null ? 0 : Array.IndexOf(counts, inputs[0]);
        if (place < 0)
            return double.NaN;
        ReadOnlySpan<double> own = parameters.Slice(names.Length * place, names.Length);
        return ExactDouble.Exp(-own[0] - own[1] * ExactDouble.Pow(inputs[1], -own[2]));
    }

    static bool CanUse(LawData data, int point) => data.Inputs[1][point] > 0 && data.Outputs[point] is > 0 and < 1;

    static double[] CountsOf(LawData data) => [.. data.Inputs[0].Where(k => k > 0).Distinct().Order()];
}
