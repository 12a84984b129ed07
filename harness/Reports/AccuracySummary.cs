using System.Globalization;
using Harness.Records;

namespace Harness.Reports;

/// <summary>The table that a run closes with.</summary>
public static class AccuracySummary
{
    /// <summary>A line a strategy and pool, a column a multiplier, all difficulties together.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<AccuracyRow> accuracy)
    {
        AccuracyRow[] rows = [.. accuracy.Where(row => row.Difficulty == ExperimentReadme.All)];
        if (rows.Length == 0)
            return [];
        int[] multipliers = [.. rows.Select(row => row.Multiplier).Distinct().Order()];
        List<string[]> table = [["pool", "strategy", .. multipliers.Select(k => $"{k}x")]];
        foreach (IGrouping<(string Pool, string Strategy), AccuracyRow> group in rows.GroupBy(row => (row.Pool, row.Strategy)))
            table.Add([group.Key.Pool, group.Key.Strategy, .. multipliers.Select(k => Cell(group.FirstOrDefault(row => row.Multiplier == k)))]);
        int[] widths = [.. Enumerable.Range(0, multipliers.Length + 2).Select(column => table.Max(line => line[column].Length))];
        return table.Select(line => string.Join("  ", line.Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
    }

    static string Cell(AccuracyRow? row) =>
        row is null || double.IsNaN(row.Accuracy) ? "" : row.Accuracy.ToString("F3", CultureInfo.InvariantCulture);
}
