using Harness.Kernels.ExactMath;

namespace Harness.Statistics.Laws;

/// <summary>
/// The best use of one budget by <see cref="TrainToTestLaw"/>: the size, tokens and samples of largest coverage, 6 N D + 2 N k Q t being
/// the budget. In the logarithms of N, D and k both the law and the budget are sums of exponentials, a geometric program: convex, so that
/// the golden section in ln k, and in ln N for each k, finds the one optimum.
/// </summary>
/// <param name="Size">N, parameters.</param>
/// <param name="Tokens">D.</param>
/// <param name="Samples">k, a whole number.</param>
/// <param name="Coverage">What the law predicts there.</param>
public sealed record TrainToTestSplit(double Size, double Tokens, double Samples, double Coverage)
{
    /// <param name="parameters">Of the law, as <see cref="TrainToTestLaw.Parameters"/> names them.</param>
    /// <returns>Null where the budget isn't enough for one sample a question of a model of one parameter.</returns>
    public static TrainToTestSplit? Of(double[] parameters, EndToEndBudget budget)
    {
        double most = budget.Operations / budget.OfEachSample;
        if (!(most > 1))
            return null;
        double best = ExactDouble.Exp(GoldenSection.Lowest(
            0, ExactDouble.Log(most), k => OfSamples(parameters, budget, ExactDouble.Exp(k)).MinusLog));
        // Convex in ln k, so the best whole number is next to the best number.
        double below = Math.Max(Math.Floor(best), 1);
        TrainToTestSplit[] whole = [.. new[] { below, below + 1 }.Where(k => k < most).Select(At)];
        return whole.MaxBy(split => split.Coverage);

        TrainToTestSplit At(double k)
        {
            (double size, double minusLog) = OfSamples(parameters, budget, k);
            return new TrainToTestSplit(size, budget.TokensFor(size, k), k, ExactDouble.Exp(-minusLog));
        }
    }

    /// <summary>The best size for so many samples, and its -ln of coverage.</summary>
    static (double Size, double MinusLog) OfSamples(double[] parameters, EndToEndBudget budget, double k)
    {
        double MinusLog(double size)
        {
            double tokens = budget.TokensFor(size, k);
            return tokens > 0 ? TrainToTestLaw.MinusLog(parameters, size, tokens, k) : double.PositiveInfinity;
        }

        double largest = budget.Operations / (k * budget.OfEachSample);
        double size = ExactDouble.Exp(GoldenSection.Lowest(0, ExactDouble.Log(largest), log => MinusLog(ExactDouble.Exp(log))));
        return (size, MinusLog(size));
    }
}
