using Harness.Comparison;
using Harness.Kernels.Diagnostics;
using Harness.Statistics;

namespace Harness.History;

/// <summary>
/// The verdicts on a moved accuracy: those of `harness compare` between the two points, with its tests adjusted for all rows of the
/// experiment there. Each pair of points is compared once.
/// </summary>
/// <param name="experiment">Its name.</param>
/// <param name="margin">In accuracy, 0 or more.</param>
sealed class PairedVerdicts(string experiment, double margin)
{
    readonly Dictionary<(HistoryPoint, HistoryPoint), (IReadOnlyDictionary<(string, string, int), AccuracyDifference> Rows, string Refusal)>
        compared = [];

    /// <returns>The verdict, or null and why nothing was tested.</returns>
    public (Verdict? Verdict, string Reason) Of(HistoryPoint before, HistoryPoint now, string pool, string strategy, int multiplier)
    {
        if (!compared.TryGetValue((before, now), out var pair))
            compared.Add((before, now), pair = Compare(before, now));
        return pair.Rows.TryGetValue((pool, strategy, multiplier), out AccuracyDifference? row) ? (row.Verdict, row.Reason)
            : (null, pair.Refusal.Length > 0 ? pair.Refusal : "samples.csv does not have the pool on both sides");
    }

    (IReadOnlyDictionary<(string, string, int), AccuracyDifference>, string) Compare(HistoryPoint before, HistoryPoint now)
    {
        try
        {
            return (ResultComparison.Of(before.Files, now.Files, [experiment], margin).Experiments.Single().Accuracy
                .ToDictionary(row => (row.Cell.Pool, row.Cell.Strategy, row.Cell.Multiplier)), "");
        }
        catch (HarnessException refused)
        {
            return (new Dictionary<(string, string, int), AccuracyDifference>(), $"{refused.Message} ({refused.File})");
        }
    }
}
