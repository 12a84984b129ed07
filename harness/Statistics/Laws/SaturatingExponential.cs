using Harness.Kernels.ExactMath;

namespace Harness.Statistics.Laws;

/// <summary>y = A - B exp(-k / tau): a vote's accuracy, which comes close to its limit A after a few times tau samples.</summary>
public sealed class SaturatingExponential : CurveLaw
{
    public SaturatingExponential() : base("k")
    {
    }

    public override string Name => "saturating-exponential";
    public override string Summary => "a vote's accuracy against the number of samples";
    public override string Formula => "y = A - B exp(-k / tau)";
    public override string Source => "the approach of a vote to its limit; compare Chen et al. 2024, arXiv 2403.02419";
    public override string Output => "accuracy";
    public override IReadOnlyList<string> Parameters { get; } = ["A", "B", "tau"];

    protected override IEnumerable<double[]> Shapes(double least, double largest) =>
        Geometric(least / 2, Math.Max(largest, least * 2) * 4, 12).Select(tau => new[] { ExactDouble.Log(tau) });

    protected override double Rise(ReadOnlySpan<double> shape, double x, Span<double> derivatives)
    {
        double ratio = x * ExactDouble.Exp(-shape[0]), fall = ExactDouble.Exp(-ratio);
        derivatives[0] = -ratio * fall;
        return -fall;
    }

    protected override double[] Outer(double level, double height, ReadOnlySpan<double> shape) =>
        [level, height, ExactDouble.Exp(shape[0])];

    protected override double[] Inner(ReadOnlySpan<double> parameters) => [parameters[0], parameters[1], ExactDouble.Log(parameters[2])];
}
