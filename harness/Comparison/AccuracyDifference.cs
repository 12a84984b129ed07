using Harness.Analysis;
using Harness.Statistics;

namespace Harness.Comparison;

/// <summary>A row of accuracy.csv on both sides, with what its difference comes to.</summary>
/// <param name="Comparison">Later side first, adjusted for all rows of all experiments; null where nothing was tested.</param>
public sealed record AccuracyDifference(AccuracyCell Cell, StrategyComparison? Comparison)
{
    /// <summary>On the problems that both sides have; where nothing was tested, as committed.</summary>
    public double Before => Comparison?.Second ?? Cell.Before;

    /// <inheritdoc cref="Before"/>
    public double After => Comparison?.First ?? Cell.After;

    /// <summary>After - before.</summary>
    public double Difference => Comparison?.Difference ?? After - Before;

    public int Problems => Comparison?.Problems ?? Cell.Problems;

    /// <summary>Null where samples differ and no test can be made.</summary>
    public Verdict? Verdict => Cell.IsIdentical ? Statistics.Verdict.Identical : Comparison?.Verdict.Verdict;

    /// <summary>Why test and interval disagree, or why no test can be made; empty where there is nothing to say.</summary>
    public string Reason => Cell.Refusal.Length > 0 ? Cell.Refusal : Comparison?.Verdict.Reason ?? "";
}
