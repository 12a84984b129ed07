using Harness.Kernels.ExactMath;

namespace Harness.Statistics.Laws;

/// <summary>y = E + A x^-alpha: a loss that falls, or a score that rises, towards E (Kaplan et al. 2020; Hoffmann et al. 2022).</summary>
public sealed class PowerLaw : CurveLaw
{
    public PowerLaw() : base("compute")
    {
    }

    public override string Name => "power";
    public override string Summary => "a power of the compute towards a limit";
    public override string Formula => "y = E + A x^-alpha";
    public override string Source => "Kaplan et al. 2020, arXiv 2001.08361";
    public override string Output => "y";
    public override IReadOnlyList<string> Parameters { get; } = ["E", "A", "alpha"];

    protected override IEnumerable<double[]> Shapes(double least, double largest) =>
        Geometric(0.02, 3, 12).Select(alpha => new[] { alpha, Middle(least, largest) });

    // The second parameter of the shape only scales x; it stays as it is, since its derivative is 0.
    protected override double Rise(ReadOnlySpan<double> shape, double x, Span<double> derivatives)
    {
        double log = ExactDouble.Log(x / shape[1]), power = ExactDouble.Exp(-shape[0] * log);
        (derivatives[0], derivatives[1]) = (-log * power, 0);
        return power;
    }

    protected override double[] Outer(double level, double height, ReadOnlySpan<double> shape) =>
        [level, height * ExactDouble.Pow(shape[1], shape[0]), shape[0]];

    protected override double[] Inner(ReadOnlySpan<double> parameters) => [parameters[0], parameters[1], parameters[2], 1];

    static double Middle(double least, double largest) => Math.Sqrt(least) * Math.Sqrt(largest);
}
