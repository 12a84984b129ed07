namespace Harness.Statistics;

/// <summary>A way to answer, with what it costs and gives on each problem.</summary>
/// <param name="Costs">In any unit.</param>
/// <param name="Accuracies">In [0, 1].</param>
public sealed record PricedCandidate(double[] Costs, double[] Accuracies)
{
    /// <summary>Of these problems; NaN of none.</summary>
    public double MeanCost(IReadOnlyList<int> problems) => MeanOf(Costs, problems);

    /// <inheritdoc cref="MeanCost"/>
    public double MeanAccuracy(IReadOnlyList<int> problems) => MeanOf(Accuracies, problems);

    static double MeanOf(double[] values, IReadOnlyList<int> problems)
    {
        double sum = 0;
        foreach (int problem in problems)
            sum += values[problem];
        return sum / problems.Count;
    }
}
