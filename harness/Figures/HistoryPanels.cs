using System.Globalization;

namespace Harness.Figures;

/// <summary>Lines of a history as panels: one a pool or machine, or several where it has more lines than one can show.</summary>
static class HistoryPanels
{
    /// <param name="areHeld">whether a value holds until the next one, so that the line is level between them; else it is straight</param>
    public static IReadOnlyList<Panel> Of(IReadOnlyList<HistoryLine> lines, bool areHeld) =>
    [
        .. lines.Select(line => line with { Marks = [.. line.Marks.Where(mark => double.IsFinite(mark.Value))] })
            .Where(line => line.Marks.Count > 0).GroupBy(line => line.Panel).SelectMany(group => PanelsOf([.. group], areHeld)),
    ];

    static IEnumerable<Panel> PanelsOf(HistoryLine[] group, bool areHeld)
    {
        HistoryLine[] lines = [.. group.OrderByDescending(line => line.Marks[^1].Value)];
        int count = (lines.Length + Panel.MostLines - 1) / Panel.MostLines, first = 0;
        for (int part = 0; part < count; part++)
        {
            int next = lines.Length * (part + 1) / count;
            HistoryLine[] shown = lines[first..next];
            yield return new Panel(
                lines[0].Panel,
                (count == 1 ? "" : $"{Range(first + 1, next)} of {Number(lines.Length)} by last value, ")
                    + Moves(shown, areHeld),
                [.. shown.Select((line, index) => SeriesOf(line, index, areHeld))])
            {
                Whiskers = true,
                Steps = [.. shown.SelectMany(line => line.Marks).Where(mark => mark.IsStep).Select(mark => (double)mark.Commit).Distinct()],
            };
            first = next;
        }
    }

    static Series SeriesOf(HistoryLine line, int index, bool areHeld) => new(
        line.Name, Theme.Lines[index], Series.Markers[index],
        [.. line.Marks.Where(mark => mark.IsMoved).Select(mark => new SeriesPoint(mark.Commit, mark.Value, mark.Low, mark.High))])
    {
        Path = areHeld ? [.. Held(line)] : null,
    };

    /// <summary>Level from each value to the next one's commit, and there upright.</summary>
    static IEnumerable<(double X, double Y)> Held(HistoryLine line)
    {
        foreach ((int place, HistoryMark mark) in line.Marks.Index())
        {
            yield return (mark.Commit, mark.Value);
            int until = place + 1 < line.Marks.Count ? line.Marks[place + 1].Commit : line.End;
            if (until > mark.Commit)
                yield return (until, mark.Value);
        }
    }

    /// <summary>Such as "3 moves, 1 changed" of exact values, or "2 steps" of measured ones.</summary>
    static string Moves(HistoryLine[] lines, bool areHeld)
    {
        int steps = lines.SelectMany(line => line.Marks).Count(mark => mark.IsStep);
        if (!areHeld)
            return steps == 1 ? "1 step" : $"{Number(steps)} steps";
        int moves = lines.Sum(line => line.Marks.Skip(1).Count(mark => mark.IsMoved));
        return (moves == 1 ? "1 move" : $"{Number(moves)} moves") + (steps > 0 ? $", {Number(steps)} changed" : "");
    }

    static string Range(int first, int last) => first == last ? Number(first) : $"{Number(first)} to {Number(last)}";

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
