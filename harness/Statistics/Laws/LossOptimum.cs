using Harness.Kernels.ExactMath;

namespace Harness.Statistics.Laws;

/// <summary>
/// The best split of a training's budget over parameters and tokens by a <see cref="LossLaw"/>, where training takes 6 N D operations:
/// N = G C^a and D = C / (6 N) (Hoffmann et al. 2022, equation 4).
/// </summary>
/// <param name="Coefficient">G.</param>
/// <param name="Exponent">a = beta / (alpha + beta).</param>
public readonly record struct LossOptimum(double Coefficient, double Exponent)
{
    const double OperationsEach = 6;

    /// <param name="parameters">E, A, B, alpha and beta.</param>
    public static LossOptimum Of(ReadOnlySpan<double> parameters)
    {
        (double a, double b, double alpha, double beta) = (parameters[1], parameters[2], parameters[3], parameters[4]);
        double exponent = beta / (alpha + beta);
        // At the optimum alpha A / N^alpha = beta B / D^beta.
        return new LossOptimum(
            ExactDouble.Pow(alpha * a / (beta * b), 1 / (alpha + beta)) * ExactDouble.Pow(OperationsEach, -exponent), exponent);
    }

    public double Parameters(double flops) => Coefficient * ExactDouble.Pow(flops, Exponent);

    public double Tokens(double flops) => TokensOf(Parameters(flops), flops);

    /// <summary>On which a model of a size is trained with a budget.</summary>
    public static double TokensOf(double parameters, double flops) => flops / (OperationsEach * parameters);
}
