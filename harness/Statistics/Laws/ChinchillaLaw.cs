using Harness.Kernels.ExactMath;

namespace Harness.Statistics.Laws;

/// <summary>
/// The loss of a model by its parameters and tokens, fitted with Huber's loss of threshold 0.001 on ln L from Hoffmann et al.'s 4,500
/// starts (Besiroglu et al. 2024, arXiv 2404.10102, show why each of these matters).
/// </summary>
public sealed class ChinchillaLaw : LossLaw
{
    const double Threshold = 1e-3;

    public override string Name => "chinchilla";
    public override string Summary => "loss against parameters and tokens, by Huber's loss on its logarithm";
    public override string Source => "Hoffmann et al. 2022, arXiv 2203.15556; Besiroglu et al. 2024, arXiv 2404.10102";
    public override string LossName => "sum of Huber losses of ln L, threshold 0.001";

    private protected override ISearch SearchOf(LawData data) => new HuberSearch(data);

    sealed class HuberSearch(LawData data) : Search(data)
    {
        readonly double[] logLoss = [.. data.Outputs.Select(ExactDouble.Log)];

        public override IEnumerable<double[]> Starts() =>
            from alpha in new[] { 0, 0.5, 1, 1.5, 2 }
            from beta in new[] { 0, 0.5, 1, 1.5, 2 }
            from e in new[] { -1, -0.5, 0, 0.5, 1 }
            from a in new[] { 0.0, 5, 10, 15, 20, 25 }
            from b in new[] { 0.0, 5, 10, 15, 20, 25 }
            select new[] { e, a, b, alpha, beta };

        public override (double[] Inner, double Loss) Improve(double[] start) =>
            new LevenbergMarquardt(logLoss.Length, Count, Residuals, Threshold).Minimise(start);

        /// <summary>ln of the predicted loss - ln L.</summary>
        bool Residuals(ReadOnlySpan<double> inner, Span<double> residuals, Span<double> derivatives)
        {
            for (int i = 0; i < residuals.Length; i++)
            {
                (double largest, double limit, double ofModel, double ofData) = Terms(inner, i);
                double sum = limit + ofModel + ofData;
                residuals[i] = largest + ExactDouble.Log(sum) - logLoss[i];
                Span<double> row = derivatives.Slice(i * Count, Count);
                (row[0], row[1], row[2]) = (limit / sum, ofModel / sum, ofData / sum);
                (row[3], row[4]) = (-row[1] * LogParameters[i], -row[2] * LogTokens[i]);
                if (!double.IsFinite(residuals[i]))
                    return false;
            }
            return true;
        }
    }
}
