using Harness.Statistics;

namespace Harness.Strategies;

/// <summary>Two strategies (or one over two pools, as direct answers against chain of thought) on the same problems.</summary>
public sealed record StrategyComparison
{
    public required int Problems { get; init; }
    public required double First { get; init; }
    public required double Second { get; init; }

    /// <summary>First - second.</summary>
    public required double Difference { get; init; }

    /// <summary>95 %, by the anchored bootstrap over problems.</summary>
    public required double CiLow { get; init; }
    public required double CiHigh { get; init; }

    /// <summary>90 %, of the same resamples: the methods are equivalent where it lies within a margin.</summary>
    public required Interval Interval90 { get; init; }

    /// <summary>Two-sided, of no difference.</summary>
    public required double PValue { get; init; }

    /// <summary>mcnemar where every problem is plainly right or wrong under both, else permutation.</summary>
    public required string Test { get; init; }

    /// <summary>Compares per-problem accuracies; both lists name the same problems in the same order, and hold no NaN.</summary>
    public static StrategyComparison Of(IReadOnlyList<ProblemEstimate> first, IReadOnlyList<ProblemEstimate> second, ulong seed)
    {
        if (!first.Select(estimate => estimate.Problem).SequenceEqual(second.Select(estimate => estimate.Problem)))
            throw new ArgumentException($"{first.Count} and {second.Count} estimates are not of the same problems");
        double[] a = [.. first.Select(estimate => estimate.Accuracy)], b = [.. second.Select(estimate => estimate.Accuracy)];
        PairedDifference size = PairedDifference.Of(a, b, new([.. first.Select(estimate => estimate.Difficulty)], seed));
        return new()
        {
            Problems = a.Length,
            First = Mean.Of(a),
            Second = Mean.Of(b),
            Difference = size.Difference,
            CiLow = size.Interval95.Low,
            CiHigh = size.Interval95.High,
            Interval90 = size.Interval90,
            PValue = size.PValue,
            Test = size.Test,
        };
    }
}
