using Harness.Kernels.Configuration;
using Harness.Kernels.Sampling;
using Harness.Manifests;
using Harness.Records;
using Harness.Samples;
using Harness.Statistics;
using Harness.Statistics.Laws;

namespace Harness.Analysis.Laws;

/// <summary>fits.csv: the laws that a manifest's strategies ask for, fitted to their pools, with intervals and held-out errors.</summary>
public static class StrategyLaws
{
    /// <summary>Resamples of problems, each fitted again.</summary>
    public const int Resamples = 1000;

    /// <summary>Of every strategy in the manifest's order its laws as listed, a row a parameter or forecast.</summary>
    /// <param name="model">Its shape, of which operations are counted; they are NaN where it is unknown.</param>
    public static IReadOnlyList<FitRow> Of(
        IReadOnlyList<StrategyManifest> strategies, ModelConfig? model, Func<PoolManifest, PoolEstimates> estimatesOf, ulong seed) =>
        [.. strategies.Where(strategy => strategy.Laws.Count > 0)
            .SelectMany(strategy => Of(strategy, model, estimatesOf(strategy.Pool), seed))];

    sealed record Fitted(
        ILaw Law, LawFit Fit, HeldOutError HeldOut, string[] Names, double[] Values, Interval[] Intervals);

    static IEnumerable<FitRow> Of(StrategyManifest strategy, ModelConfig? model, PoolEstimates pool, ulong seed)
    {
        Fitted[] fitted = [.. strategy.Laws.Select(law => Fit(law, PointsOf(law, strategy, model, pool), pool.Problems, seed))];
        // Laws that predict the same values are rivals.
        Fitted?[] chosen = [.. fitted.GroupBy(fit => fit.Law.IsOfCoverage).Where(group => group.Count() > 1).Select(Choose)];
        foreach (Fitted fit in fitted)
        {
            foreach ((int place, string name) in fit.Names.Index())
            {
                yield return new FitRow
                {
                    Pool = strategy.Pool.Name,
                    Strategy = strategy.Name,
                    Law = fit.Law.Name,
                    Parameter = name,
                    Value = SignificantDigits.Round(fit.Values[place]),
                    CiLow = SignificantDigits.Round(fit.Intervals[place].Low),
                    CiHigh = SignificantDigits.Round(fit.Intervals[place].High),
                    Points = fit.Fit.Points,
                    Dropped = fit.Fit.Dropped,
                    LossName = fit.Law.LossName,
                    Loss = SignificantDigits.Round(fit.Fit.Loss),
                    Starts = fit.Fit.Starts,
                    Reached = fit.Fit.Reached,
                    HeldOutError = SignificantDigits.Round(fit.HeldOut.RootMeanSquare),
                    HeldOutStandardError = SignificantDigits.Round(fit.HeldOut.StandardError),
                    IsChosen = chosen.Contains(fit),
                };
            }
        }
    }

    static Fitted? Choose(IEnumerable<Fitted> rivals)
    {
        Fitted[] all = [.. rivals];
        int best = LawChoice.Of([.. all.Select(fit => (fit.Law, fit.HeldOut))]);
        return best < 0 ? null : all[best];
    }

    static LawPoints PointsOf(ILaw law, StrategyManifest strategy, ModelConfig? model, PoolEstimates pool)
    {
        if (law.IsOfCoverage)
            return new CoveragePoints(pool.Problems, asCounts: law.PointsKind == LawPointsKind.Counts);
        PooledCost[] costs = [.. pool.Problems.Select(problem => new PooledCost(problem, model))];
        return new CurvePoints(
            strategy.Multipliers,
            [.. strategy.Multipliers.Select(k => pool.Accuracies(strategy.Strategy, k))],
            [
                .. strategy.Multipliers.Select(k => costs.Zip(pool.Of(strategy.Strategy, k), (cost, estimate) =>
                    cost.Of(strategy, k, estimate).Flops).ToArray()),
            ],
            againstOperations: law.PointsKind == LawPointsKind.Operations);
    }

    static Fitted Fit(ILaw law, LawPoints points, IReadOnlyList<ProblemSamples> problems, ulong seed)
    {
        int[] all = [.. Enumerable.Range(0, points.Problems)];
        LawFit fit = law.Fit(points.All(all)), smaller = law.Fit(points.Smaller(all));
        string[] names = [.. law.Parameters, .. points.Forecasts.Select(forecast => forecast.Name)];
        double[] values = Values(fit);
        double heldOut = points.RootMeanSquare(law, smaller, all);
        if (!fit.IsDefined)
            return new(law, fit, points.HeldOut(heldOut, double.NaN), names, values, [.. names.Select(_ => Interval.Undefined)]);
        double[][] refitted = new double[Resamples][];
        double[] errors = new double[Resamples];
        int[][] strata =
            [.. all.GroupBy(problem => problems[problem].Difficulty).OrderBy(group => group.Key).Select(group => group.ToArray())];
        Parallel.For(0, Resamples, resample =>
        {
            int[] drawn = Draw(strata, seed, resample);
            refitted[resample] = Values(law.Fit(points.All(drawn), fit));
            errors[resample] = points.RootMeanSquare(law, law.Fit(points.Smaller(drawn), smaller), drawn);
        });
        double[][] defined = [.. refitted.Where(refit => !refit.Any(double.IsNaN))];
        double[] known = [.. errors.Where(error => !double.IsNaN(error))];
        return new(
            law, fit, points.HeldOut(heldOut, known.Length == 0 ? double.NaN : new ResampledMean(heldOut, known).StandardError), names,
            values,
            [
                .. values.Select((value, place) => defined.Length == 0 ? Interval.Undefined
                    : new ResampledMean(value, [.. defined.Select(refit => refit[place])]).Interval()),
            ]);

        double[] Values(LawFit of) =>
            [.. of.Parameters, .. points.Forecasts.Select(forecast => of.IsDefined ? forecast.Value(law, of.Parameters) : double.NaN)];
    }

    /// <summary>As many problems of each difficulty as there are, which the experiment's design fixes.</summary>
    static int[] Draw(int[][] strata, ulong seed, int resample)
    {
        RandomStream random = new(seed, RandomPurpose.LawProblems, (uint)resample, (uint)strata.Sum(stratum => stratum.Length));
        List<int> drawn = [];
        foreach (int[] stratum in strata)
        {
            for (int i = 0; i < stratum.Length; i++)
                drawn.Add(stratum[random.Below(stratum.Length)]);
        }
        return [.. drawn];
    }
}
