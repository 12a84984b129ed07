using Harness.Kernels.ExactMath;

namespace Harness.Statistics.Laws;

/// <summary>
/// The joint law of pretraining and of sampling, "train to test" or T^2, in its first approach (Roberts et al. 2026, arXiv 2604.01411,
/// section 3.1): the law of the loss with one more power for the samples, -ln pass@k = E + A / N^alpha + B / D^beta + G / k^gamma, by the
/// sum of squares of -ln pass@k as in their appendix F. They average -ln pass@k over problems; a point here has the mean coverage of a
/// model, whose -ln is lower by Jensen's inequality and of the same form. With one k alone, E and G say the same and cannot be told apart.
/// Coverages of 0 and 1 are dropped.
/// </summary>
public sealed class TrainToTestLaw : SearchedLaw
{
    const int Kept = 10;

    /// <summary>Of each of the three powers, where the search starts.</summary>
    static readonly double[] exponents = [0.05, 0.12, 0.2, 0.3, 0.42, 0.6, 0.9, 1.4];

    public override string Name => "train-to-test";
    public override string Summary => "coverage (pass@k) against parameters, tokens and samples; splits a budget over them";
    public override string Formula => "-ln c = E + A / N^alpha + B / D^beta + G / k^gamma";
    public override string Source => "approach 1 of Roberts et al. 2026, arXiv 2604.01411";
    public override IReadOnlyList<string> Inputs { get; } = ["parameters", "tokens", "k"];
    public override string Output => "coverage";
    public override IReadOnlyList<string> Parameters { get; } = ["E", "A", "B", "G", "alpha", "beta", "gamma"];
    public override string LossName => "half the sum of squares of -ln c";

    /// <summary>Points of one size and as many tokens are of one model.</summary>
    public override IReadOnlyList<int> ModelInputs { get; } = [0, 1];

    /// <summary>6 N D, the operations of training.</summary>
    public override double Budget(ReadOnlySpan<double> inputs) => 6 * inputs[0] * inputs[1];

    public override double Predict(ReadOnlySpan<double> parameters, ReadOnlySpan<double> inputs) =>
        ExactDouble.Exp(-MinusLog(parameters, inputs[0], inputs[1], inputs[2]));

    /// <summary>-ln of the coverage of k samples of a model of N parameters after D tokens.</summary>
    internal static double MinusLog(ReadOnlySpan<double> parameters, double size, double tokens, double k) => parameters[0]
        + parameters[1] * ExactDouble.Pow(size, -parameters[4]) + parameters[2] * ExactDouble.Pow(tokens, -parameters[5])
        + parameters[3] * ExactDouble.Pow(k, -parameters[6]);

    protected override bool CanUse(LawData data, int point) => base.CanUse(data, point) && data.Outputs[point] is > 0 and < 1;

    private protected override ISearch SearchOf(LawData data) => new Search(data);

    /// <summary>
    /// The search knows ln E, ln A, ln B and ln G, so that all four stay above 0. For given exponents the four are linear: those of a grid
    /// that leave least are the starts.
    /// </summary>
    sealed class Search(LawData data) : ISearch
    {
        const int Terms = 3, Linear = Terms + 1, Count = Linear + Terms;

        readonly double[] observed = [.. data.Outputs.Select(coverage => -ExactDouble.Log(coverage))];
        readonly double[][] logs = [.. data.Inputs.Select(input => input.Select(ExactDouble.Log).ToArray())];

        public double[] Outer(double[] inner) => [.. inner[..Linear].Select(ExactDouble.Exp), .. inner[Linear..]];

        public double[] Inner(double[] outer) => [.. outer[..Linear].Select(ExactDouble.Log), .. outer[Linear..]];

        public IEnumerable<double[]> Starts()
        {
            // Each power is 1 at the middle of the data, so that the columns are of one size.
            double[] middles = [.. logs.Select(log => Mean.Of(log))];
            double[][][] powers = [.. logs.Select((log, term) => exponents
                .Select(exponent => log.Select(value => ExactDouble.Exp(-exponent * (value - middles[term]))).ToArray()).ToArray())];
            double[] ones = [.. observed.Select(_ => 1.0)];
            double least = 1e-6 * Mean.Of(observed);
            int each = exponents.Length;
            (double[] Inner, double Loss)[] ends = new (double[], double)[each * each * each];
            for (int place = 0; place < ends.Length; place++)
            {
                int[] chosen = [place / each / each, place / each % each, place % each];
                (double[] coefficients, double loss) = NonNegativeLeastSquares.Solve(
                    [ones, powers[0][chosen[0]], powers[1][chosen[1]], powers[2][chosen[2]]], observed);
                double[] inner = new double[Count];
                for (int term = 0; term < Linear; term++)
                    inner[term] = ExactDouble.Log(Math.Max(coefficients[term], least));
                for (int term = 0; term < Terms; term++)
                {
                    inner[Linear + term] = exponents[chosen[term]];
                    inner[1 + term] += exponents[chosen[term]] * middles[term];
                }
                ends[place] = (inner, loss);
            }
            return ends.OrderBy(end => end.Loss).Take(Kept).Select(end => end.Inner);
        }

        public (double[] Inner, double Loss) Improve(double[] start) =>
            new LevenbergMarquardt(observed.Length, Count, Residuals).Minimise(start);

        bool Residuals(ReadOnlySpan<double> inner, Span<double> residuals, Span<double> derivatives)
        {
            double limit = ExactDouble.Exp(inner[0]);
            for (int i = 0; i < residuals.Length; i++)
            {
                Span<double> row = derivatives.Slice(i * Count, Count);
                row[0] = limit;
                double predicted = limit;
                for (int term = 0; term < Terms; term++)
                {
                    double value = ExactDouble.Exp(inner[1 + term] - inner[Linear + term] * logs[term][i]);
                    (row[1 + term], row[Linear + term]) = (value, -value * logs[term][i]);
                    predicted += value;
                }
                residuals[i] = predicted - observed[i];
                if (!double.IsFinite(residuals[i]))
                    return false;
            }
            return true;
        }
    }
}
