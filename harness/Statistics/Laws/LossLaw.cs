using Harness.Kernels.ExactMath;

namespace Harness.Statistics.Laws;

/// <summary>L = E + A / N^alpha + B / D^beta: the loss of a model of N parameters after D tokens (Hoffmann et al. 2022).</summary>
public abstract class LossLaw : SearchedLaw
{
    public override string Formula => "L = E + A / N^alpha + B / D^beta";
    public override IReadOnlyList<string> Inputs { get; } = ["parameters", "tokens"];
    public override string Output => "loss";
    public override IReadOnlyList<string> Parameters { get; } = ["E", "A", "B", "alpha", "beta"];

    /// <summary>6 N D, the operations of training.</summary>
    public override double Budget(ReadOnlySpan<double> inputs) => 6 * inputs[0] * inputs[1];

    public override double Predict(ReadOnlySpan<double> parameters, ReadOnlySpan<double> inputs) => parameters[0]
        + parameters[1] * ExactDouble.Pow(inputs[0], -parameters[3]) + parameters[2] * ExactDouble.Pow(inputs[1], -parameters[4]);

    protected override bool CanUse(LawData data, int point) => base.CanUse(data, point) && data.Outputs[point] > 0;

    /// <summary>The search knows ln E, ln A and ln B, so that all three stay above 0.</summary>
    private protected abstract class Search(LawData data) : ISearch
    {
        protected const int Count = 5;

        /// <summary>Beside another term that is e^40 times as large, a term changes no bit of the sum.</summary>
        const double Negligible = -40;

        protected double[] LogParameters { get; } = [.. data.Inputs[0].Select(ExactDouble.Log)];
        protected double[] LogTokens { get; } = [.. data.Inputs[1].Select(ExactDouble.Log)];

        public double[] Outer(double[] inner) =>
            [ExactDouble.Exp(inner[0]), ExactDouble.Exp(inner[1]), ExactDouble.Exp(inner[2]), inner[3], inner[4]];

        public double[] Inner(double[] outer) =>
            [ExactDouble.Log(outer[0]), ExactDouble.Log(outer[1]), ExactDouble.Log(outer[2]), outer[3], outer[4]];

        public abstract IEnumerable<double[]> Starts();

        public abstract (double[] Inner, double Loss) Improve(double[] start);

        /// <summary>The three terms at one point, as e^largest times these.</summary>
        protected (double Largest, double Limit, double OfModel, double OfData) Terms(ReadOnlySpan<double> inner, int point)
        {
            double limit = inner[0], ofModel = inner[1] - inner[3] * LogParameters[point], ofData = inner[2] - inner[4] * LogTokens[point];
            double largest = Math.Max(limit, Math.Max(ofModel, ofData));
            return (largest, Relative(limit, largest), Relative(ofModel, largest), Relative(ofData, largest));
        }

        static double Relative(double exponent, double largest) => exponent == largest ? 1
            : exponent - largest < Negligible ? 0 : ExactDouble.Exp(exponent - largest);
    }
}
