using System.Globalization;
using Harness.Records;
using ScottPlot;

namespace Harness.Figures;

/// <summary>
/// Turns rows of accuracy.csv into panels: one a pool, whose lines are its strategies. A pool of single samples (greedy decoding) becomes
/// a level in the panels of those that answer the same problems. The order of the rows changes nothing.
/// </summary>
sealed class AccuracyPanels
{
    readonly Func<AccuracyRow, double> x;
    readonly PoolFacts[] pools;
    readonly Entry[] entries;
    readonly string[] strategies;

    /// <param name="x">plot coordinate of a row; a row without a finite one, or without an accuracy, is left out</param>
    AccuracyPanels(IReadOnlyList<AccuracyRow> rows, FigureFacts facts, Func<AccuracyRow, double> x)
    {
        this.x = x;
        AccuracyRow[] all = [.. rows.Where(row => row.Difficulty == AccuracyRow.AllDifficulties)];
        strategies = [.. all.Where(row => !row.IsUpperBound).GroupBy(row => (row.Pool, row.Strategy)).Where(group => !IsLevel([.. group]))
            .Select(group => group.Key.Strategy).Distinct().Order(StringComparer.Ordinal)];
        pools = PoolsOf(all, facts);
        AccuracyRow[] drawn = [.. all.Where(row => double.IsFinite(x(row)) && double.IsFinite(row.Accuracy))];
        entries = [.. drawn.GroupBy(row => (row.Pool, row.Strategy))
            .OrderBy(group => group.Key.Strategy, StringComparer.Ordinal)
            .Select(group => new Entry(
                pools.Single(pool => pool.Name == group.Key.Pool), group.Key.Strategy, [.. group.OrderBy(row => row.Multiplier)]))];
    }

    /// <summary>The rows of one strategy over one pool.</summary>
    sealed record Entry(PoolFacts Pool, string Strategy, AccuracyRow[] Rows)
    {
        public bool IsLevel => AccuracyPanels.IsLevel(Rows);

        /// <summary>What one reads of a pool's single samples: greedy decoding is the name of one at temperature 0.</summary>
        public string LevelName => Pool.Temperature == 0 ? "greedy" : Strategy;
    }

    public static IReadOnlyList<Panel> Of(IReadOnlyList<AccuracyRow> rows, FigureFacts facts, Func<AccuracyRow, double> x) =>
        new AccuracyPanels(rows, facts, x).All();

    /// <summary>The facts of the pools that rows name; of one that they do not know, what its rows say.</summary>
    public static PoolFacts[] PoolsOf(IReadOnlyList<AccuracyRow> rows, FigureFacts facts)
    {
        ILookup<string, AccuracyRow> named = rows.ToLookup(row => row.Pool);
        IEnumerable<string> unknown = named.Select(pool => pool.Key).Except(facts.Pools.Select(pool => pool.Name));
        return
        [
            .. facts.Pools.Where(pool => named.Contains(pool.Name)),
            .. unknown.Order(StringComparer.Ordinal)
                .Select(name => new PoolFacts(name, "", name, "", double.NaN, named[name].Max(row => row.Problems))),
        ];
    }

    /// <summary>Such as "sum, 300 problems, temperature 1".</summary>
    public static string FactsOf(PoolFacts pool)
    {
        string task = pool.Task.Length > 0 ? $"{pool.Task}, " : "", number = pool.Problems == 1 ? "1 problem" : $"{pool.Problems} problems";
        string temperature = pool.Temperature switch
        {
            double.NaN => "",
            0 => ", greedy",
            double value => $", temperature {value.ToString("0.###", CultureInfo.InvariantCulture)}",
        };
        return task + number + temperature;
    }

    static bool IsLevel(IReadOnlyList<AccuracyRow> rows) => rows.Count == 1 && rows[0].Multiplier == 1;

    Panel[] All()
    {
        PoolFacts[] withLines = [.. pools.Where(pool => EntriesOf(pool).Any(entry => !entry.IsLevel))];
        HashSet<Entry> placed = [];
        List<Panel> panels = [];
        foreach (PoolFacts pool in withLines)
        {
            Entry[] levels = [.. LevelsBeside(pool, withLines)];
            placed.UnionWith(levels);
            panels.AddRange(PanelsOf(pool, levels));
        }
        Entry[] alone = [.. entries.Where(entry => entry.IsLevel && !withLines.Contains(entry.Pool) && !placed.Contains(entry))];
        panels.AddRange(alone.GroupBy(entry => entry.Pool.Questions).SelectMany(group => PointPanels([.. group])));
        return [.. panels];
    }

    IEnumerable<Entry> EntriesOf(PoolFacts pool) => entries.Where(entry => entry.Pool == pool);

    /// <summary>
    /// The pool's own levels that none of its lines begins with, and those of pools without lines over the same problems: with its prompt
    /// where any line has theirs, else with any. None of the others where they are too many.
    /// </summary>
    IEnumerable<Entry> LevelsBeside(PoolFacts pool, PoolFacts[] withLines)
    {
        double[] starts = [.. EntriesOf(pool).Where(entry => !entry.IsLevel && entry.Rows[0].Multiplier == 1)
            .Select(entry => entry.Rows[0].Accuracy)];
        Entry[] own = [.. EntriesOf(pool).Where(entry => entry.IsLevel && !starts.Contains(entry.Rows[0].Accuracy))
            .Take(Panel.MostLevels)];
        Entry[] others = [.. entries.Where(entry => entry.IsLevel && !withLines.Contains(entry.Pool)
            && entry.Pool.Questions == pool.Questions
            && (entry.Pool.Prompt == pool.Prompt
                || !withLines.Any(line => line.Questions == pool.Questions && line.Prompt == entry.Pool.Prompt)))];
        return own.Length + others.Length <= Panel.MostLevels ? own.Concat(others) : own;
    }

    /// <summary>At most four lines each, the highest first; all levels in each.</summary>
    IEnumerable<Panel> PanelsOf(PoolFacts pool, Entry[] levels)
    {
        Entry[] lines = [.. EntriesOf(pool).Where(entry => !entry.IsLevel).OrderByDescending(entry => entry.Rows[^1].Accuracy)];
        int count = (lines.Length + Panel.MostLines - 1) / Panel.MostLines, first = 0;
        for (int part = 0; part < count; part++)
        {
            int next = lines.Length * (part + 1) / count;
            string heading = count == 1 ? pool.Name
                : $"{pool.Name}: {(next == first + 1 ? $"{next}" : $"{first + 1} to {next}")} of {lines.Length} by final accuracy";
            yield return new Panel(heading, FactsOf(pool), [.. lines[first..next].Select(Line), .. Levels(pool, levels)]);
            first = next;
        }
    }

    Series Line(Entry entry)
    {
        bool isBound = entry.Rows[0].IsUpperBound;
        int index = Array.IndexOf(strategies, entry.Strategy);
        return new Series(
            entry.Strategy,
            isBound ? Theme.Bound : Theme.Lines[index % Theme.Lines.Count],
            isBound ? MarkerShape.FilledDiamond : Series.Markers[index % Series.Markers.Count],
            PointsOf(entry))
        {
            IsUpperBound = isBound,
            Note = isBound ? "upper bound" : "",
        };
    }

    IEnumerable<Series> Levels(PoolFacts pool, Entry[] levels)
    {
        return levels.Select((entry, index) => new Series(
            entry.LevelName, Theme.Ink, Series.Markers[index % Series.Markers.Count], PointsOf(entry))
        {
            IsLevel = true,
            Note = IsPlain(entry) ? "" : entry.Pool.Name,
        });

        bool IsPlain(Entry entry) => entry.Pool == pool
            || (entry.Pool.Prompt == pool.Prompt && levels.Count(other => other.LevelName == entry.LevelName) == 1);
    }

    /// <summary>Single samples that no line could be compared with: points side by side, four a panel.</summary>
    IEnumerable<Panel> PointPanels(Entry[] group)
    {
        bool several = group.Select(entry => entry.Pool).Distinct().Count() > 1;
        foreach (Entry[] part in group.OrderByDescending(entry => entry.Rows[0].Accuracy).Chunk(Panel.MostLines))
        {
            PoolFacts pool = part[0].Pool;
            yield return new Panel(
                several ? "one sample each" : pool.Name,
                FactsOf(several ? pool with { Temperature = double.NaN } : pool),
                [.. part.Select((entry, index) => new Series(
                    entry.LevelName, Theme.Lines[index], Series.Markers[index], PointsOf(entry))
                {
                    IsLevel = true,
                    Note = several && entry.Pool.Name != entry.LevelName ? entry.Pool.Name : "",
                })]);
        }
    }

    SeriesPoint[] PointsOf(Entry entry) =>
        [.. entry.Rows.Select(row => new SeriesPoint(x(row), 100 * row.Accuracy, 100 * row.CiLow, 100 * row.CiHigh))
            .OrderBy(point => point.X).ThenBy(point => point.Y)];
}
