namespace Harness.Figures;

/// <summary>The figures of a history: values against the commits, a panel a pool or machine; null without a finite value.</summary>
static class HistoryFigures
{
    const double Thousand = 1000;

    static readonly string[] Units = ["FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP"];

    /// <summary>history-accuracy.svg.</summary>
    /// <param name="name">of the experiment</param>
    /// <param name="period">the days of the first and the last commit</param>
    /// <param name="commits">names of the commits, the oldest first</param>
    /// <param name="lines">in per cent</param>
    public static Figure? Accuracy(string name, string period, IReadOnlyList<string> commits, IReadOnlyList<HistoryLine> lines) => Draw(
        "history-accuracy.svg", $"{name}: accuracy over its commits",
        ["Markers: the first value, and where it moved; whiskers: 95 % intervals", "Upright lines: the paired comparison found a change"],
        "problems answered right (%)", period, commits, HistoryPanels.Of(lines, areHeld: true));

    /// <summary>history-tokens.svg.</summary>
    public static Figure? Tokens(string name, string period, IReadOnlyList<string> commits, IReadOnlyList<HistoryLine> lines) => Draw(
        "history-tokens.svg", $"{name}: generated tokens over its commits", ["Markers: the first value, and where it moved"],
        "tokens per problem", period, commits, HistoryPanels.Of(lines, areHeld: true));

    /// <summary>history-flops.svg.</summary>
    public static Figure? Flops(string name, string period, IReadOnlyList<string> commits, IReadOnlyList<HistoryLine> lines)
    {
        double largest = lines.SelectMany(line => line.Marks).Select(mark => mark.Value).Where(double.IsFinite).DefaultIfEmpty().Max();
        double scale = 1;
        int unit = 0;
        for (; largest >= Thousand * scale && unit < Units.Length - 1; unit++)
            scale *= Thousand;
        HistoryLine[] scaled = [.. lines.Select(line => line with
        {
            Marks = [.. line.Marks.Select(mark => mark with { Value = mark.Value / scale })],
        })];
        return Draw(
            "history-flops.svg", $"{name}: operations over its commits", ["Markers: the first value, and where it moved"],
            $"operations per problem ({Units[unit]})", period, commits, HistoryPanels.Of(scaled, areHeld: true));
    }

    /// <summary>history-tokens-per-second.svg.</summary>
    public static Figure? TokensPerSecond(
        string name, string period, IReadOnlyList<string> commits, IReadOnlyList<HistoryLine> lines) => Draw(
        "history-tokens-per-second.svg", $"{name}: speed over its commits",
        [
            "Medians of repeated runs; whiskers: the slowest and the fastest",
            "Upright lines: a spread that lies wholly outside that of the measurement before",
        ],
        "tokens per second", period, commits, HistoryPanels.Of(lines, areHeld: false));

    static Figure? Draw(
        string fileName, string title, IReadOnlyList<string> explained, string yLabel, string period, IReadOnlyList<string> commits,
        IReadOnlyList<Panel> panels) => panels.Count == 0 ? null : FigureDrawing.Draw(
            fileName, title, explained, yLabel, panels,
            pixels => AxisScale.AtPlaces($"commits{(period.Length > 0 ? $", {period}" : "")}", commits, pixels));
}
