using Harness.Records;

namespace Harness.Figures;

/// <summary>
/// Turns rows of accuracy.csv into lines: one for each strategy and pool, in ordinal order, whatever the order of the rows.
/// </summary>
static class AccuracySeries
{
    const int BlackColor = 6;

    /// <param name="rows">all rows of the experiment, so that a strategy keeps its colour in every figure</param>
    /// <param name="x">plot coordinate of a row; a row without a finite one, or without an accuracy, is left out</param>
    public static IReadOnlyList<Series> ByStrategy(IReadOnlyList<AccuracyRow> rows, Func<AccuracyRow, double> x)
    {
        string[] strategies = Distinct(rows, row => row.Strategy);
        string[] pools = Distinct(rows, row => row.Pool);
        var keys = rows.Select(row => (row.Strategy, row.Pool)).Distinct()
            .OrderBy(key => key.Strategy, StringComparer.Ordinal).ThenBy(key => key.Pool, StringComparer.Ordinal).ToArray();
        return Drawn(keys.Select((key, index) => new Series(
            Label(rows, key, pools.Length == 1 ? key.Strategy : $"{key.Strategy} ({key.Pool})"),
            Array.IndexOf(strategies, key.Strategy),
            index,
            Points(rows.Where(row => (row.Strategy, row.Pool) == key && row.Difficulty == AccuracyRow.AllDifficulties), x),
            IsUpperBound(rows, key))));
    }

    static bool IsUpperBound(IReadOnlyList<AccuracyRow> rows, (string Strategy, string Pool) key) =>
        rows.Any(row => (row.Strategy, row.Pool) == key && row.IsUpperBound);

    static string Label(IReadOnlyList<AccuracyRow> rows, (string Strategy, string Pool) key, string name) =>
        IsUpperBound(rows, key) ? $"{name}, upper bound" : name;

    /// <summary>One strategy's lines: each pool's over all difficulties; of a pool alone, those of each difficulty too.</summary>
    public static IReadOnlyList<Series> OfStrategy(string strategy, IReadOnlyList<AccuracyRow> rows, Func<AccuracyRow, double> x)
    {
        AccuracyRow[] own = [.. rows.Where(row => row.Strategy == strategy)];
        string[] pools = Distinct(own, row => row.Pool);
        if (pools.Length != 1)
        {
            return Drawn(pools.Select((pool, index) => new Series(
                pool, index, index, Points(own.Where(row => row.Pool == pool && row.Difficulty == AccuracyRow.AllDifficulties), x))));
        }
        Series all = new("all difficulties", BlackColor, 0, Points(own.Where(row => row.Difficulty == AccuracyRow.AllDifficulties), x));
        string[] difficulties = [.. Distinct(own, row => row.Difficulty).Where(name => name != AccuracyRow.AllDifficulties)
            .OrderBy(name => int.TryParse(name, out int number) ? number : int.MaxValue)];
        return difficulties.Length < 2
            ? Drawn([all with { Label = strategy, Color = 0 }])
            : Drawn([all, .. difficulties.Select((difficulty, index) => new Series(
                $"difficulty {difficulty}", index, index + 1, Points(own.Where(row => row.Difficulty == difficulty), x)))]);
    }

    /// <summary>Lines come first, so that single points are drawn over them and listed after them.</summary>
    static IReadOnlyList<Series> Drawn(IEnumerable<Series> series) =>
        [.. series.Where(line => line.Points.Count > 0).OrderBy(line => line.Points.Count == 1)];

    static IReadOnlyList<SeriesPoint> Points(IEnumerable<AccuracyRow> rows, Func<AccuracyRow, double> x) =>
    [
        .. rows.Select(row => new SeriesPoint(x(row), 100 * row.Accuracy, 100 * row.CiLow, 100 * row.CiHigh))
            .Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))
            .OrderBy(point => point.X).ThenBy(point => point.Y),
    ];

    static string[] Distinct(IEnumerable<AccuracyRow> rows, Func<AccuracyRow, string> name) =>
        [.. rows.Select(name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
