using Harness.Analysis;
using Harness.Records;

namespace Harness.Comparison;

/// <summary>A row of accuracy.csv over all difficulties that both sides have, before it is tested.</summary>
/// <param name="Before">The accuracy that is committed.</param>
/// <param name="After">As <paramref name="Before"/>.</param>
/// <param name="IsIdentical">Whether hashes, answers and scores are equal sample by sample, so that there is nothing to test.</param>
/// <param name="Compared">Later side first; null where there is nothing to test, or where it can't be.</param>
/// <param name="Refusal">Why it can't be tested; empty where it can.</param>
public sealed record AccuracyCell(
    string Experiment, string Pool, string Strategy, int Multiplier, int Problems, double Before, double After, bool IsIdentical,
    ComparedStrategies? Compared, string Refusal)
{
    /// <summary>In the order of the earlier accuracy.csv.</summary>
    public static IReadOnlyList<AccuracyCell> Of(
        string experiment, ExperimentFiles before, ExperimentFiles after, IReadOnlyList<PoolSamples> pools)
    {
        Dictionary<string, PoolSamples> samples = pools.ToDictionary(pool => pool.Pool);
        Dictionary<string, PairedPool> paired = [];
        Dictionary<(string, string, int), AccuracyRow> now = OverAll(after).ToDictionary(KeyOf);
        return [.. OverAll(before).Where(row => now.ContainsKey(KeyOf(row)) && samples.ContainsKey(row.Pool)).Select(Cell)];

        AccuracyCell Cell(AccuracyRow row)
        {
            PoolSamples pool = samples[row.Pool];
            AccuracyCell cell = new(experiment, row.Pool, row.Strategy, row.Multiplier, row.Problems, row.Accuracy,
                now[KeyOf(row)].Accuracy, pool.IsIdentical, null, "");
            if (pool.IsIdentical)
                return cell;
            if (!paired.TryGetValue(row.Pool, out PairedPool? pairs))
                paired.Add(row.Pool, pairs = new PairedPool(before, after, pool));
            (ComparedStrategies? pair, string refusal) = pairs.Of(row.Strategy, row.Multiplier);
            return cell with { Compared = pair, Refusal = refusal };
        }
    }

    static IEnumerable<AccuracyRow> OverAll(ExperimentFiles files) =>
        files.Accuracy.Where(row => row.Difficulty == AccuracyRow.AllDifficulties);

    static (string, string, int) KeyOf(AccuracyRow row) => (row.Pool, row.Strategy, row.Multiplier);
}
