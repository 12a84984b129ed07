using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.History;

/// <summary>A row of accuracy.csv over all difficulties, at a commit that wrote the file.</summary>
/// <param name="Step">What moved since the point before; null where nothing did, or where this is the first.</param>
sealed record EstimatePoint(HistoryPoint At, AccuracyRow Row, EstimateStep? Step);

/// <summary>One row of accuracy.csv over the commits that wrote the file.</summary>
/// <param name="Points">One or more, the oldest first.</param>
sealed record EstimateSeries(string Pool, string Strategy, int Multiplier, IReadOnlyList<EstimatePoint> Points)
{
    /// <summary>Such as "majority-vote 64x".</summary>
    public string Name => $"{Strategy} {CsvFields.Write(Multiplier)}x";

    /// <summary>In the order of the newest accuracy.csv, then of those before it.</summary>
    /// <exception cref="HarnessException"><see cref="Codes.UsageError"/> where a pool, strategy or multiplier is in none.</exception>
    public static IReadOnlyList<EstimateSeries> Of(
        IReadOnlyList<HistoryPoint> points, HistorySelection selection, PairedVerdicts verdicts)
    {
        HistoryPoint[] estimated = [.. points.Where(point => point.IsEstimatedAnew && point.Accuracy is not null)];
        (string Pool, string Strategy, int Multiplier)[] known =
            [.. estimated.Reverse().SelectMany(point => point.Accuracy!).Select(KeyOf).Distinct()];
        string[] order = [.. known.Select(key => key.Pool).Distinct()];
        Require("pool", selection.Pools, [.. order]);
        Require("strategy", selection.Strategies, [.. known.Select(key => key.Strategy).Distinct()]);
        Require("multiplier", [.. selection.Multipliers.Select(number => CsvFields.Write(number))],
            [.. known.Select(key => key.Multiplier).Distinct().Order().Select(number => CsvFields.Write(number))]);
        return
        [
            .. known.Where(key => selection.Pools.Count == 0 || selection.Pools.Contains(key.Pool))
                .Where(key => selection.Strategies.Count == 0 || selection.Strategies.Contains(key.Strategy))
                .Where(key => selection.Multipliers.Count == 0
                    ? key.Multiplier == Largest(estimated, key) : selection.Multipliers.Contains(key.Multiplier))
                .OrderBy(key => Array.IndexOf(order, key.Pool))
                .Select(key => new EstimateSeries(key.Pool, key.Strategy, key.Multiplier, PointsOf(key, estimated, verdicts))),
        ];
    }

    static EstimatePoint[] PointsOf(
        (string Pool, string Strategy, int Multiplier) key, HistoryPoint[] estimated, PairedVerdicts verdicts)
    {
        List<EstimatePoint> series = [];
        foreach (HistoryPoint point in estimated)
        {
            if (point.Accuracy!.FirstOrDefault(row => KeyOf(row) == key) is not { } now)
                continue;
            EstimateStep? step = series.Count == 0 ? null : EstimateStep.Of(series[^1].At, series[^1].Row, now,
                () => verdicts.Of(series[^1].At, point, key.Pool, key.Strategy, key.Multiplier));
            series.Add(new EstimatePoint(point, now, step));
        }
        return [.. series];
    }

    /// <summary>The largest multiplier in the newest file that has the strategy over the pool.</summary>
    static int Largest(HistoryPoint[] estimated, (string Pool, string Strategy, int) key) =>
        estimated.Reverse().Select(point => point.Accuracy!.Where(row => row.Pool == key.Pool && row.Strategy == key.Strategy)
            .Select(row => row.Multiplier).ToArray()).First(multipliers => multipliers.Length > 0).Max();

    static void Require(string kind, IReadOnlyList<string> asked, IReadOnlyList<string> known)
    {
        if (asked.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw Codes.UsageError.With($"no row of accuracy.csv has the {kind} '{unknown}'{NearestName.Hint(unknown, known)}");
    }

    static (string Pool, string Strategy, int Multiplier) KeyOf(AccuracyRow row) => (row.Pool, row.Strategy, row.Multiplier);
}
