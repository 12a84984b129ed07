using Harness.Kernels.ExactMath;

namespace Harness.Statistics.Laws;

/// <summary>
/// The loss of a model by its parameters and tokens, by least squares on L. For given exponents E, A and B are linear (variable projection,
/// Golub and Pereyra 1973): a grid of exponents with the best E, A and B for each gives the starts, and all five are improved from there.
/// E, A and B stay above 0.
/// </summary>
public sealed class ProjectedChinchillaLaw : LossLaw
{
    const int Kept = 8;
    static readonly double[] exponents = [0.02, 0.05, 0.1, 0.17, 0.25, 0.33, 0.42, 0.52, 0.65, 0.8, 1, 1.3, 1.7, 2.2];

    public override string Name => "chinchilla-projection";
    public override string Summary => "loss against parameters and tokens, by least squares: E, A and B are linear";
    public override string Source => "Hoffmann et al. 2022, arXiv 2203.15556; Golub and Pereyra 1973";

    private protected override ISearch SearchOf(LawData data) => new ProjectedSearch(data);

    sealed class ProjectedSearch(LawData data) : Search(data)
    {
        readonly double[] loss = data.Outputs;

        public override IEnumerable<double[]> Starts() => exponents
            .SelectMany(alpha => exponents.Select(beta => Projected(alpha, beta)))
            .OrderBy(start => start.Loss).Take(Kept).Select(start => start.Inner);

        public override (double[] Inner, double Loss) Improve(double[] start) =>
            new LevenbergMarquardt(loss.Length, Count, Residuals).Minimise(start);

        bool Residuals(ReadOnlySpan<double> inner, Span<double> residuals, Span<double> derivatives)
        {
            for (int i = 0; i < residuals.Length; i++)
            {
                (double largest, double limit, double ofModel, double ofData) = Terms(inner, i);
                double scale = ExactDouble.Exp(largest);
                Span<double> row = derivatives.Slice(i * Count, Count);
                (row[0], row[1], row[2]) = (scale * limit, scale * ofModel, scale * ofData);
                (row[3], row[4]) = (-row[1] * LogParameters[i], -row[2] * LogTokens[i]);
                residuals[i] = row[0] + row[1] + row[2] - loss[i];
                if (!double.IsFinite(residuals[i]))
                    return false;
            }
            return true;
        }

        /// <summary>The best E, A and B for these exponents, none below 0, and half the sum of squares that they leave.</summary>
        (double[] Inner, double Loss) Projected(double alpha, double beta)
        {
            // Both powers are 1 at the middle of the data, so that the columns are of one size.
            double middle = Mean.Of(LogParameters), level = Mean.Of(LogTokens);
            double[][] columns =
            [
                [.. loss.Select(_ => 1.0)],
                [.. LogParameters.Select(log => ExactDouble.Exp(-alpha * (log - middle)))],
                [.. LogTokens.Select(log => ExactDouble.Exp(-beta * (log - level)))],
            ];
            (double[] coefficients, double left) = NonNegativeLeastSquares.Solve(columns, loss);
            double least = 1e-6 * Mean.Of(loss);
            double[] logs = [.. coefficients.Select(coefficient => ExactDouble.Log(Math.Max(coefficient, least)))];
            return ([logs[0], logs[1] + alpha * middle, logs[2] + beta * level, alpha, beta], left);
        }
    }
}
