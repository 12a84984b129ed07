using Harness.Kernels.ExactMath;

namespace Harness.Statistics.Laws;

/// <summary>
/// Problems whose rates of success follow a beta law, of which some can never be solved: a share pi of problems has rate 0. By the
/// likelihood of their counts. It forecasts coverage beyond the samples that were drawn (Schaeffer et al. 2025, arXiv 2502.17578; Kazdan et
/// al. 2025, arXiv 2510.05197).
/// </summary>
/// <param name="hasUnsolvable">Whether pi is fitted; else it is 0.</param>
public sealed class BetaBinomialLaw(bool hasUnsolvable) : ILaw
{
    const double Largest = 13.8;

    public string Name => hasUnsolvable ? "zero-inflated-beta-binomial" : "beta-binomial";
    public string Summary => hasUnsolvable
        ? "rates of success by problem, some of them 0; forecasts coverage"
        : "rates of success by problem; forecasts coverage";
    public string Formula => hasUnsolvable ? "p = 0 with chance pi, else p ~ Beta(alpha, beta)" : "p ~ Beta(alpha, beta)";
    public string Source => "Schaeffer et al. 2025, arXiv 2502.17578";
    public IReadOnlyList<string> Inputs { get; } = ["samples"];
    public string Output => "correct";
    public IReadOnlyList<string> Parameters { get; } = hasUnsolvable ? ["alpha", "beta", "pi"] : ["alpha", "beta"];
    public string LossName => "negative log-likelihood";

    /// <summary>Points are problems: samples drawn, and how many of them are right.</summary>
    public LawFit Fit(LawData data, LawFit? near = null)
    {
        int[] used = [.. Enumerable.Range(0, data.Points).Where(i => data.Inputs[0][i] >= 1 && data.Outputs[i] >= 0
            && data.Outputs[i] <= data.Inputs[0][i])];
        Count[] counts =
        [
            .. used.GroupBy(i => ((int)data.Inputs[0][i], (int)data.Outputs[i])).OrderBy(group => group.Key)
                .Select(group => new Count(group.Key.Item1, group.Key.Item2, group.Count())),
        ];
        // All alike, or nothing right: the likelihood has no maximum.
        if (counts.Length < 2 || counts.All(count => count.Correct == 0))
            return LawFit.Undefined(Parameters.Count, used.Length, data.Points - used.Length);
        double[][] starts = near is { IsDefined: true } ? [Inner(near.Parameters)]
            :
            [
                .. from size in new[] { -1.5, 0, 1.5 }
                   from odds in new[] { -3.0, -1, 0, 1 }
                   from share in hasUnsolvable ? [-3.0, 0] : new[] { double.NegativeInfinity }
                   select hasUnsolvable ? new[] { size + odds / 2, size - odds / 2, share } : [size + odds / 2, size - odds / 2],
            ];
        (double[] Inner, double Loss)[] ends =
            [.. starts.Select(start => NelderMead.Minimise(inner => Loss(counts, inner), start, 0.5,
                near is { IsDefined: true }))];
        (double[] best, double loss) = ends.MinBy(end => end.Loss);
        int reached = ends.Count(end => end.Loss <= loss + 1e-6 * Math.Max(1, Math.Abs(loss)));
        return new LawFit(Outer(best), loss, used.Length, data.Points - used.Length, starts.Length, reached);
    }

    /// <summary>The expected number of right samples.</summary>
    public double Predict(ReadOnlySpan<double> parameters, ReadOnlySpan<double> inputs) =>
        inputs[0] * Solvable(parameters) * parameters[0] / (parameters[0] + parameters[1]);

    /// <summary>The expected coverage of k samples, 1 - E (1 - p)^k, for any k.</summary>
    public static double Coverage(ReadOnlySpan<double> parameters, int k)
    {
        double missed = 1;
        for (int i = 0; i < k; i++)
            missed *= (parameters[1] + i) / (parameters[0] + parameters[1] + i);
        return Solvable(parameters) * (1 - missed);
    }

    static double Solvable(ReadOnlySpan<double> parameters) => parameters.Length > 2 ? 1 - parameters[2] : 1;

    readonly record struct Count(int Samples, int Correct, int Problems);

    double[] Inner(double[] outer) => hasUnsolvable
        ? [ExactDouble.Log(outer[0]), ExactDouble.Log(outer[1]), ExactDouble.Log(Math.Max(outer[2], 1e-9) / Math.Max(1 - outer[2], 1e-9))]
        : [ExactDouble.Log(outer[0]), ExactDouble.Log(outer[1])];

    double[] Outer(double[] inner) => hasUnsolvable
        ? [ExactDouble.Exp(inner[0]), ExactDouble.Exp(inner[1]), 1 / (1 + ExactDouble.Exp(-inner[2]))]
        : [ExactDouble.Exp(inner[0]), ExactDouble.Exp(inner[1])];

    /// <summary>Without the binomial coefficients, which no parameter changes. Infinite where a parameter leaves 1e-6 .. 1e6.</summary>
    double Loss(Count[] counts, double[] inner)
    {
        if (inner.Any(value => !(Math.Abs(value) < Largest)))
            return double.PositiveInfinity;
        double[] outer = Outer(inner);
        int most = counts[^1].Samples;
        double[] right = LogRising(outer[0], most), wrong = LogRising(outer[1], most), all = LogRising(outer[0] + outer[1], most);
        double loss = 0, solvable = hasUnsolvable ? ExactDouble.Log(1 - outer[2]) : 0;
        foreach (Count count in counts)
        {
            // ln B(c + alpha, n - c + beta) / B(alpha, beta)
            double log = right[count.Correct] + wrong[count.Samples - count.Correct] - all[count.Samples];
            if (hasUnsolvable && count.Correct == 0)
                log = ExactDouble.Log(outer[2] + (1 - outer[2]) * ExactDouble.Exp(log));
            else if (hasUnsolvable)
                log += solvable;
            loss -= count.Problems * log;
        }
        return loss;
    }

    /// <summary>ln (start + 0) (start + 1) .. (start + i - 1) for each i up to the length.</summary>
    static double[] LogRising(double start, int length)
    {
        double[] logs = new double[length + 1];
        for (int i = 0; i < length; i++)
            logs[i + 1] = logs[i] + ExactDouble.Log(start + i);
        return logs;
    }
}
