using Harness.Strategies;

namespace Harness.Analysis;

/// <summary>Per-problem accuracies of two strategies that are to be compared.</summary>
public sealed class ComparedStrategies
{
    /// <param name="first">No accuracy is NaN.</param>
    /// <param name="second">The same problems in the same order.</param>
    /// <param name="isIdentical">Whether hashes and answers of all samples are equal, so that there is nothing to test.</param>
    public ComparedStrategies(IReadOnlyList<ProblemEstimate> first, IReadOnlyList<ProblemEstimate> second, bool isIdentical = false)
    {
        if (!first.Select(estimate => estimate.Problem).SequenceEqual(second.Select(estimate => estimate.Problem)))
            throw new ArgumentException($"{first.Count} and {second.Count} estimates are not of the same problems");
        Difficulties = [.. first.Select(estimate => estimate.Difficulty)];
        Accuracies = ([.. first.Select(estimate => estimate.Accuracy)], [.. second.Select(estimate => estimate.Accuracy)]);
        IsIdentical = isIdentical;
    }

    ComparedStrategies(ComparedStrategies whole, int[] places)
    {
        IsIdentical = whole.IsIdentical;
        Difficulties = [.. places.Select(place => whole.Difficulties[place])];
        Accuracies = ([.. places.Select(place => whole.Accuracies.First[place])],
            [.. places.Select(place => whole.Accuracies.Second[place])]);
    }

    public bool IsIdentical { get; }

    /// <summary>Of each problem.</summary>
    public int[] Difficulties { get; }

    /// <summary>Of each problem, in [0, 1].</summary>
    public (double[] First, double[] Second) Accuracies { get; }

    /// <summary>Those problems alone.</summary>
    public ComparedStrategies OfDifficulty(int difficulty) =>
        new(this, [.. Difficulties.Index().Where(problem => problem.Item == difficulty).Select(problem => problem.Index)]);
}
