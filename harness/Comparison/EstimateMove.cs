using Harness.Records;
using Harness.Statistics;

namespace Harness.Comparison;

/// <summary>A row of accuracy.csv that is another one on the other side, of a pool whose samples are the same.</summary>
/// <param name="Difference">The first column that differs, with both values.</param>
public sealed record EstimateMove(string Pool, string Strategy, int Multiplier, string Difficulty, string Difference)
{
    /// <summary>In the order of the earlier accuracy.csv. Values that are equal in six significant digits are the same.</summary>
    public static IReadOnlyList<EstimateMove> Of(ExperimentFiles before, ExperimentFiles after, IReadOnlySet<string> identicalPools)
    {
        IReadOnlySet<string> columns = ColumnsOf(before).Intersect(ColumnsOf(after)).ToHashSet();
        Dictionary<(string, string, int, string), AccuracyRow> now = after.Accuracy.ToDictionary(KeyOf);
        return
        [
            .. before.Accuracy.Where(row => identicalPools.Contains(row.Pool) && now.ContainsKey(KeyOf(row)))
                .Select(row => (Row: row, Difference: AccuracyTable.Csv.FirstDifference(row, now[KeyOf(row)], columns, AreAlike)))
                .Where(pair => pair.Difference is not null)
                .Select(pair => new EstimateMove(
                    pair.Row.Pool, pair.Row.Strategy, pair.Row.Multiplier, pair.Row.Difficulty, pair.Difference!)),
        ];
    }

    static IEnumerable<string> ColumnsOf(ExperimentFiles files) =>
        files.ColumnsOf(AccuracyTable.Csv.FileName).Select(AccuracyTable.CurrentName);

    static (string, string, int, string) KeyOf(AccuracyRow row) => (row.Pool, row.Strategy, row.Multiplier, row.Difficulty);

    /// <summary>A file of schema 1 has every digit of what today's has six of.</summary>
    static bool AreAlike(string before, string after) =>
        CsvFields.TryNumber(before, out double old) && CsvFields.TryNumber(after, out double now)
            && SignificantDigits.Round(old).Equals(SignificantDigits.Round(now));
}
