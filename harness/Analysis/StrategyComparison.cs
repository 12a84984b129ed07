using Harness.Statistics;
using Harness.Strategies;

namespace Harness.Analysis;

/// <summary>Two strategies (or one over two pools, as direct answers against chain of thought) on the same problems.</summary>
public sealed record StrategyComparison
{
    public required int Problems { get; init; }
    public required double First { get; init; }
    public required double Second { get; init; }

    /// <summary>First - second, with its 95 % interval by the paired bootstrap.</summary>
    public required double Difference { get; init; }
    public required double CiLow { get; init; }
    public required double CiHigh { get; init; }

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
        PairedBootstrap.Result size = PairedBootstrap.Difference(a, b, seed);
        bool plain = a.Concat(b).All(accuracy => accuracy is 0 or 1);
        return new()
        {
            Problems = a.Length,
            First = Mean.Of(a),
            Second = Mean.Of(b),
            Difference = size.Difference,
            CiLow = size.Interval.Low,
            CiHigh = size.Interval.High,
            PValue = plain
                ? McNemar.PValue(a.Zip(b).Count(pair => pair.First > pair.Second), a.Zip(b).Count(pair => pair.First < pair.Second))
                : PairedPermutation.PValue(a, b, seed),
            Test = plain ? "mcnemar" : "permutation",
        };
    }
}
