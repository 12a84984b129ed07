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
        TextTable table = new([TextTable.Left("pool"), TextTable.Left("strategy"), .. multipliers.Select(k => TextTable.Right($"{k}x"))]);
        foreach (IGrouping<(string Pool, string Strategy), AccuracyRow> group in rows.GroupBy(row => (row.Pool, row.Strategy)))
            table.Add([group.Key.Pool, group.Key.Strategy, .. multipliers.Select(k => Cell(group.FirstOrDefault(row => row.Multiplier == k)))]);
        return table.Lines();
    }

    static string Cell(AccuracyRow? row) =>
        row is null || double.IsNaN(row.Accuracy) ? "" : row.Accuracy.ToString("F3", CultureInfo.InvariantCulture);
}
