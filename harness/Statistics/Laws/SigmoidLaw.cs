using Harness.Kernels.ExactMath;

namespace Harness.Statistics.Laws;

/// <summary>
/// y = R0 + (A - R0) / (1 + (Cmid / C)^B): a score that rises from R0 to A, half way at the compute Cmid, the faster the larger B
/// (ScaleRL, Khatri et al. 2025, arXiv 2510.13786).
/// </summary>
public sealed class SigmoidLaw : CurveLaw
{
    public SigmoidLaw() : base("compute")
    {
    }

    public override string Name => "sigmoid";
    public override string Summary => "a score that rises between two limits, in the logarithm of compute";
    public override string Formula => "y = R0 + (A - R0) / (1 + (Cmid / C)^B)";
    public override string Source => "Khatri et al. 2025, arXiv 2510.13786";
    public override string Output => "y";
    public override IReadOnlyList<string> Parameters { get; } = ["R0", "A", "Cmid", "B"];

    protected override IEnumerable<double[]> Shapes(double least, double largest) =>
        from middle in Geometric(least / 2, largest * 2, 7)
        from steepness in Geometric(0.25, 4, 5)
        select new[] { ExactDouble.Log(middle), ExactDouble.Log(steepness) };

    protected override double Rise(ReadOnlySpan<double> shape, double x, Span<double> derivatives)
    {
        double steepness = ExactDouble.Exp(shape[1]), distance = ExactDouble.Log(x) - shape[0];
        double rise = 1 / (1 + ExactDouble.Exp(-steepness * distance)), slope = rise * (1 - rise) * steepness;
        (derivatives[0], derivatives[1]) = (-slope, slope * distance);
        return rise;
    }

    protected override double[] Outer(double level, double height, ReadOnlySpan<double> shape) =>
        [level, level + height, ExactDouble.Exp(shape[0]), ExactDouble.Exp(shape[1])];

    protected override double[] Inner(ReadOnlySpan<double> parameters) =>
        [parameters[0], parameters[1] - parameters[0], ExactDouble.Log(parameters[2]), ExactDouble.Log(parameters[3])];
}
