using System.Globalization;
using Harness.Records;
using ScottPlot;

namespace Harness.Figures;

/// <summary>
/// The chance that one of k samples is right, a panel a pool: over all difficulties and by difficulty, or, where there is one, beside what
/// chance gives.
/// </summary>
static class CoveragePanels
{
    const string Strategy = "coverage";

    /// <summary>Beside the line of all.</summary>
    const int MostDifficulties = Panel.MostLines - 1;

    static readonly MarkerShape[] Markers =
        [MarkerShape.FilledDiamond, MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp];

    public static IReadOnlyList<Panel> Of(IReadOnlyList<AccuracyRow> rows, FigureFacts facts, Func<AccuracyRow, double> x)
    {
        AccuracyRow[] own = [.. rows.Where(row => row.Strategy == Strategy && double.IsFinite(x(row)) && double.IsFinite(row.Accuracy))];
        return [.. AccuracyPanels.PoolsOf(own, facts).Select(pool => PanelOf(pool, [.. own.Where(row => row.Pool == pool.Name)], x))];
    }

    static Panel PanelOf(PoolFacts pool, AccuracyRow[] rows, Func<AccuracyRow, double> x)
    {
        bool isBound = rows[0].IsUpperBound;
        string[] difficulties = [.. rows.Select(row => row.Difficulty).Distinct().Where(name => name != AccuracyRow.AllDifficulties)
            .OrderBy(name => int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
                ? number : int.MaxValue).ThenBy(name => name, StringComparer.Ordinal)];
        string[] chosen = Chosen(difficulties);
        string leftOut = chosen.Length == difficulties.Length ? ""
            : $"; difficulties {string.Join(", ", difficulties.Except(chosen))} not shown";
        AccuracyRow[] all = [.. rows.Where(row => row.Difficulty == AccuracyRow.AllDifficulties)];
        List<Series> series = [];
        Add(difficulties.Length > 1 ? "all" : Strategy, all);
        if (difficulties.Length > 1)
        {
            foreach (string difficulty in chosen)
                Add($"difficulty {difficulty}", rows.Where(row => row.Difficulty == difficulty));
        }
        else if (all.Any(row => double.IsFinite(row.Chance)))
        {
            SeriesPoint[] points = [.. all.Where(row => double.IsFinite(row.Chance))
                .Select(row => new SeriesPoint(x(row), 100 * row.Chance, double.NaN, double.NaN)).OrderBy(point => point.X)];
            series.Add(new Series("by chance", Theme.Lines[1], MarkerShape.FilledTriangleDown, points));
        }
        string heading = isBound && difficulties.Length > 1 ? $"{pool.Name}, upper bounds" : pool.Name;
        return new Panel(heading, AccuracyPanels.FactsOf(pool) + leftOut, series);

        void Add(string name, IEnumerable<AccuracyRow> drawn)
        {
            SeriesPoint[] points = [.. drawn.Select(row => new SeriesPoint(x(row), 100 * row.Accuracy, 100 * row.CiLow, 100 * row.CiHigh))
                .OrderBy(point => point.X).ThenBy(point => point.Y)];
            if (points.Length == 0)
                return;
            int index = series.Count;
            Tint tint = !isBound ? Theme.Lines[index] : difficulties.Length < 2 ? Theme.Bound : Theme.Bounds[index];
            series.Add(new Series(name, tint, Markers[index], points)
            {
                IsUpperBound = isBound,
                Note = isBound && difficulties.Length < 2 ? "upper bound" : "",
            });
        }
    }

    /// <summary>All where they fit, else the easiest, the middle one and the hardest.</summary>
    static string[] Chosen(string[] difficulties) => difficulties.Length <= MostDifficulties
        ? difficulties
        : [difficulties[0], difficulties[difficulties.Length / 2], difficulties[^1]];
}
