using Harness.Measurement;
using Harness.Records;

namespace Harness.History;

/// <summary>A measurement of tokens/s, at the commit that recorded it.</summary>
/// <param name="Ratio">Of the medians, to the measurement before; null of the first.</param>
/// <param name="IsStep">Whether no run was as fast as any run of the measurement before, or none as slow.</param>
sealed record SpeedPoint(HistoryPoint At, ThroughputRow Row, double? Ratio, bool IsStep);

/// <summary>
/// The speed of one setting on one machine over the commits that measured it. Measurements were not made in turns, so no test tells a
/// change of the program from one of the machine's state: only spreads that do not overlap count as a step.
/// </summary>
/// <param name="Machine">The name of its folder.</param>
/// <param name="Setting">All that decides the rate, in words.</param>
/// <param name="Points">One or more, the oldest first.</param>
sealed record SpeedSeries(string Machine, string Setting, IReadOnlyList<SpeedPoint> Points)
{
    /// <summary>By machine, each in the order of its newest measurement.</summary>
    public static IReadOnlyList<SpeedSeries> Of(IReadOnlyList<HistoryPoint> points)
    {
        (string Machine, string Setting)[] known =
        [
            .. points.Reverse().SelectMany(point => Rows(point).Select(row => (row.Machine, Setting: MeasuredRates.SettingOf(row.Row))))
                .Distinct().GroupBy(key => key.Machine).OrderBy(machine => machine.Key, StringComparer.Ordinal).SelectMany(key => key),
        ];
        return [.. known.Select(key => new SpeedSeries(key.Machine, key.Setting, PointsOf(key, points)))];
    }

    static SpeedPoint[] PointsOf((string Machine, string Setting) key, IReadOnlyList<HistoryPoint> points)
    {
        List<SpeedPoint> series = [];
        foreach (HistoryPoint point in points)
        {
            ThroughputRow? now = Rows(point).Where(row => row.Machine == key.Machine).Select(row => row.Row)
                .FirstOrDefault(row => MeasuredRates.SettingOf(row) == key.Setting);
            if (now is null || (series.Count > 0 && IsSame(series[^1].Row, now)))
                continue;
            series.Add(series.Count == 0 ? new SpeedPoint(point, now, null, false) : new SpeedPoint(
                point, now, now.TokensPerSecond / series[^1].Row.TokensPerSecond, AreApart(series[^1].Row, now)));
        }
        return [.. series];
    }

    static IEnumerable<(string Machine, ThroughputRow Row)> Rows(HistoryPoint point) => point.Throughput
        .Where(machine => point.MeasuredAnew.Contains(machine.Key)).SelectMany(machine => machine.Value.Select(row => (machine.Key, row)));

    /// <summary>A file that only gained a column, or other settings, holds the same measurement.</summary>
    static bool IsSame(ThroughputRow before, ThroughputRow now) =>
        (before.TokensPerSecond, before.TokensPerSecondLow, before.TokensPerSecondHigh, before.Runs)
            == (now.TokensPerSecond, now.TokensPerSecondLow, now.TokensPerSecondHigh, now.Runs);

    static bool AreApart(ThroughputRow before, ThroughputRow now) =>
        before.TokensPerSecondHigh < now.TokensPerSecondLow || now.TokensPerSecondHigh < before.TokensPerSecondLow;
}
