using Harness.Kernels.ExactMath;

namespace Harness.Statistics.Laws;

/// <summary>
/// Coverage of k samples, -ln c = a k^b (Brown et al. 2024, arXiv 2407.21787), by least squares in logarithms: ln(-ln c) = ln a + b ln k.
/// Coverages of 0 and 1 have no such logarithm and are dropped.
/// </summary>
public sealed class CoverageLaw : ILaw
{
    public string Name => "coverage";
    public string Summary => "coverage (pass@k) against the number of samples";
    public string Formula => "-ln c = a k^b";
    public string Source => "Brown et al. 2024, arXiv 2407.21787";
    public IReadOnlyList<string> Inputs { get; } = ["k"];
    public string Output => "coverage";
    public IReadOnlyList<string> Parameters { get; } = ["a", "b"];
    public string LossName => "half the sum of squares of ln(-ln c)";

    public LawFit Fit(LawData data, LawFit? near = null)
    {
        int[] used = [.. Enumerable.Range(0, data.Points).Where(i => data.Outputs[i] is > 0 and < 1 && data.Inputs[0][i] > 0)];
        StraightLine line = new(
            [.. used.Select(i => ExactDouble.Log(data.Inputs[0][i]))],
            [.. used.Select(i => ExactDouble.Log(-ExactDouble.Log(data.Outputs[i])))]);
        return line.IsDefined
            ? new LawFit([ExactDouble.Exp(line.Intercept), line.Slope], line.Loss, used.Length, data.Points - used.Length, 1, 1)
            : LawFit.Undefined(2, used.Length, data.Points - used.Length);
    }

    public double Predict(ReadOnlySpan<double> parameters, ReadOnlySpan<double> inputs) =>
        ExactDouble.Exp(-parameters[0] * ExactDouble.Pow(inputs[0], parameters[1]));
}
