using Harness.Records;
using ScottPlot;

namespace Harness.Figures;

/// <summary>
/// Rows of two accuracy.csv as panels: of each pool its strategies, two a panel, each with a line of before and one of now in one colour.
/// A pool that has strategies with several multipliers shows these alone.
/// </summary>
static class ComparedPanels
{
    const int Sides = 2;

    static readonly MarkerShape[] Markers = [MarkerShape.FilledCircle, MarkerShape.FilledSquare];

    /// <param name="x">plot coordinate of a row</param>
    public static IReadOnlyList<Panel> Of(
        IReadOnlyList<AccuracyRow> before, IReadOnlyList<AccuracyRow> after, Func<AccuracyRow, double> x)
    {
        ILookup<(string Pool, string Strategy), AccuracyRow> old = Drawn(before), now = Drawn(after);
        List<Panel> panels = [];
        foreach (IGrouping<string, (string Pool, string Strategy)> pool in now.Select(entry => entry.Key).Where(old.Contains)
            .GroupBy(key => key.Pool))
        {
            (string Pool, string Strategy)[] lines = [.. pool.Where(key => now[key].Count() > 1)];
            int problems = now[pool.First()].Max(row => row.Problems);
            foreach ((string Pool, string Strategy)[] part in (lines.Length > 0 ? lines : [.. pool]).Chunk(Panel.MostLines / Sides))
            {
                panels.Add(new Panel(
                    pool.Key, problems == 1 ? "1 problem" : $"{problems} problems",
                    [.. part.SelectMany((key, index) => new[] { Line(key, old, index, true), Line(key, now, index, false) })]));
            }
        }
        return panels;

        Series Line((string Pool, string Strategy) key, ILookup<(string, string), AccuracyRow> rows, int index, bool isEarlier) =>
            new(key.Strategy, Theme.Lines[index], Markers[index],
            [
                .. rows[key].Select(row => new SeriesPoint(x(row), 100 * row.Accuracy, 100 * row.CiLow, 100 * row.CiHigh))
                    .OrderBy(point => point.X),
            ])
            {
                IsEarlier = isEarlier,
                Note = isEarlier ? "A" : "B",
            };
    }

    /// <summary>The rows of both sides whose pool has the strategy on the other side too.</summary>
    public static IReadOnlyList<AccuracyRow> Shared(IReadOnlyList<AccuracyRow> before, IReadOnlyList<AccuracyRow> after)
    {
        ILookup<(string Pool, string Strategy), AccuracyRow> old = Drawn(before), now = Drawn(after);
        return
        [
            .. old.Where(entry => now.Contains(entry.Key)).Concat(now.Where(entry => old.Contains(entry.Key))).SelectMany(entry => entry),
        ];
    }

    static ILookup<(string Pool, string Strategy), AccuracyRow> Drawn(IReadOnlyList<AccuracyRow> rows) =>
        rows.Where(row => row.Difficulty == AccuracyRow.AllDifficulties && double.IsFinite(row.Accuracy))
            .ToLookup(row => (row.Pool, row.Strategy));
}
