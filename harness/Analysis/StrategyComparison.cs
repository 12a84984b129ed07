using Harness.Statistics;
using Harness.Strategies;

namespace Harness.Analysis;

/// <summary>Two strategies (or one over two pools, as direct answers against chain of thought) on the same problems.</summary>
public sealed record StrategyComparison
{
    public required int Problems { get; init; }
    public required double First { get; init; }
    public required double Second { get; init; }

    /// <summary>Mean over problems of first - second.</summary>
    public required double Difference { get; init; }

    /// <summary>95 %, by the anchored bootstrap over problems.</summary>
    public required double CiLow { get; init; }
    public required double CiHigh { get; init; }

    /// <summary>90 %, of the same resamples: the methods are equivalent where it lies within a margin.</summary>
    public required Interval Interval90 { get; init; }

    /// <summary>The smallest true difference that as many such problems would show with a power of 80 %.</summary>
    public required double DetectableEffect { get; init; }

    /// <summary>
    /// About how many such problems would show a true difference of the size that was seen, with a power of 80 % in a single test; NaN
    /// where none was seen.
    /// </summary>
    public required double ProblemsToTell { get; init; }

    /// <summary>Two-sided, of no difference.</summary>
    public required double PValue { get; init; }

    /// <summary>The same after Holm's adjustment over all comparisons that were made together.</summary>
    public required double AdjustedPValue { get; init; }

    /// <summary>mcnemar where every problem is plainly right or wrong under both, else permutation.</summary>
    public required string Test { get; init; }

    /// <summary>What the comparison comes to, and why where test and interval disagree.</summary>
    public required ReasonedVerdict Verdict { get; init; }

    /// <summary>One comparison that is made alone.</summary>
    public static StrategyComparison Of(IReadOnlyList<ProblemEstimate> first, IReadOnlyList<ProblemEstimate> second, ulong seed) =>
        OfAll([new(first, second)], seed)[0];

    /// <summary>Comparisons that are made together: their tests are adjusted for each other.</summary>
    /// <param name="margin">The size below which a difference in accuracy does not matter; 0 where none is stated.</param>
    public static IReadOnlyList<StrategyComparison> OfAll(IReadOnlyList<ComparedStrategies> pairs, ulong seed, double margin = 0)
    {
        PairedDifference[] sizes = new PairedDifference[pairs.Count];
        foreach (int[] places in OfTheSameProblems(pairs))
        {
            ProblemDraws draws = new(pairs[places[0]].Difficulties, seed);
            PairedDifference[] together = PairedDifference.OfAll([.. places.Select(place => pairs[place].Accuracies)], draws);
            for (int i = 0; i < places.Length; i++)
                sizes[places[i]] = together[i];
        }
        double[] adjusted = Holm.Adjust([.. sizes.Select((size, place) => pairs[place].IsIdentical ? double.NaN : size.PValue)]);
        return [.. pairs.Select((pair, place) => Of(pair, sizes[place], adjusted[place], margin))];
    }

    static StrategyComparison Of(ComparedStrategies pair, PairedDifference size, double adjusted, double margin) => new()
    {
        Problems = pair.Difficulties.Length,
        First = Mean.Of(pair.Accuracies.First),
        Second = Mean.Of(pair.Accuracies.Second),
        Difference = size.Difference,
        CiLow = size.Interval95.Low,
        CiHigh = size.Interval95.High,
        Interval90 = size.Interval90,
        DetectableEffect = size.DetectableEffect,
        ProblemsToTell = size.Difference == 0 ? double.NaN : size.ProblemsFor(Math.Abs(size.Difference)),
        PValue = size.PValue,
        AdjustedPValue = pair.IsIdentical ? 1 : adjusted,
        Test = size.Test,
        Verdict = ReasonedVerdict.Of(pair.IsIdentical, size, adjusted, margin),
    };

    /// <summary>The places of pairs that can share their resamples.</summary>
    static IEnumerable<int[]> OfTheSameProblems(IReadOnlyList<ComparedStrategies> pairs)
    {
        List<List<int>> groups = [];
        for (int place = 0; place < pairs.Count; place++)
        {
            int[] difficulties = pairs[place].Difficulties;
            List<int>? group = groups.Find(known => pairs[known[0]].Difficulties.AsSpan().SequenceEqual(difficulties));
            if (group is null)
                groups.Add(group = []);
            group.Add(place);
        }
        return groups.Select(group => group.ToArray());
    }
}
