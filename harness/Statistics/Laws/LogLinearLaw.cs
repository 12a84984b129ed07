using Harness.Kernels.ExactMath;

namespace Harness.Statistics.Laws;

/// <summary>y = a + b log10 C: so many points for every tenfold compute, by least squares.</summary>
public sealed class LogLinearLaw : ILaw
{
    public string Name => "log-linear";
    public string Summary => "so much for every tenfold compute";
    public string Formula => "y = a + b log10 C";
    public string Source => "the straight line of test-time compute plots, as in OpenAI's o1 report of 2024";
    public IReadOnlyList<string> Inputs { get; } = ["compute"];
    public string Output => "y";
    public IReadOnlyList<string> Parameters { get; } = ["a", "b"];
    public string LossName => "half the sum of squares of y";

    public LawFit Fit(LawData data, LawFit? near = null)
    {
        int[] used = [.. Enumerable.Range(0, data.Points).Where(i => data.Inputs[0][i] > 0 && double.IsFinite(data.Outputs[i]))];
        StraightLine line = new(
            [.. used.Select(i => ExactDouble.Log10(data.Inputs[0][i]))], [.. used.Select(i => data.Outputs[i])]);
        return line.IsDefined
            ? new LawFit([line.Intercept, line.Slope], line.Loss, used.Length, data.Points - used.Length, 1, 1)
            : LawFit.Undefined(2, used.Length, data.Points - used.Length);
    }

    public double Predict(ReadOnlySpan<double> parameters, ReadOnlySpan<double> inputs) =>
        parameters[0] + parameters[1] * ExactDouble.Log10(inputs[0]);
}
