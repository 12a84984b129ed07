using System.Globalization;
using System.Text;
using Harness.Identity;
using Harness.Manifests;
using Harness.Records;

namespace Harness.Reports;

/// <summary>README.md of an experiment: what its exact files prove, in a sentence, tables and plots.</summary>
public static class ExperimentReadme
{
    public const string FileName = "README.md";

    /// <summary>Rows of all difficulties together.</summary>
    public const string All = "all";

    /// <param name="model">Its name that every machine shares.</param>
    /// <param name="accuracy">Rows of accuracy.csv.</param>
    /// <param name="comparisons">Rows of comparisons.csv.</param>
    /// <param name="plots">File names in the same folder.</param>
    public static byte[] Write(
        Manifest manifest, string model, IReadOnlyList<AccuracyRow> accuracy, IReadOnlyList<ComparisonRow> comparisons, IReadOnlyList<string> plots)
    {
        StringBuilder text = new();
        text.Append($"# {manifest.Title}\n\n");
        text.Append($"<!-- Made by `dotnet build results/{manifest.Name}` from its exact files; not edited by hand. -->\n\n");
        text.Append(Sentence(accuracy)).Append('\n');
        foreach (IGrouping<string, AccuracyRow> pool in accuracy.GroupBy(row => row.Pool))
            AppendPool(text, manifest.Pools.First(candidate => candidate.Name == pool.Key), [.. pool]);
        ComparisonSection.Append(text, comparisons);
        foreach (string plot in plots)
            text.Append($"\n![{Path.GetFileNameWithoutExtension(plot).Replace('-', ' ')}]({plot})\n");
        text.Append($"\nModel `{model}` at {ExperimentKey.PrecisionName(manifest.Precision)}, seed {Number(manifest.Seed)}. ");
        text.Append("Intervals are 95 %, over problems. Every number is derived from samples.csv; the same command gives the same bytes on any machine.\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The largest gain from a strategy's smallest to its largest multiplier, with both intervals.</summary>
    public static string Sentence(IReadOnlyList<AccuracyRow> accuracy)
    {
        AccuracyRow[] all = [.. accuracy.Where(row => row.Difficulty == All && !double.IsNaN(row.Accuracy))];
        (AccuracyRow Least, AccuracyRow Most)[] spans = [.. all.GroupBy(row => (row.Pool, row.Strategy))
            .Select(rows => (rows.MinBy(row => row.Multiplier)!, rows.MaxBy(row => row.Multiplier)!))
            .Where(span => span.Item2.Multiplier > span.Item1.Multiplier)];
        if (spans.Length > 0)
        {
            (AccuracyRow least, AccuracyRow most) = spans.MaxBy(span => span.Most.Accuracy - span.Least.Accuracy);
            return $"On {most.Problems} problems of {most.Pool}, {most.Strategy} with {most.Multiplier} samples is right on {Percent(most)}, "
                + $"with {least.Multiplier} on {Percent(least)}: "
                + $"{Fixed(100 * (most.Accuracy - least.Accuracy), 1)} points for {Fixed(most.Flops / least.Flops, 1)} times the operations.";
        }
        return all.MaxBy(row => row.Accuracy) is { } best
            ? $"On {best.Problems} problems of {best.Pool}, {best.Strategy} is right on {Percent(best)}."
            : "The experiment has no strategy: samples.csv holds its samples.";
    }

    static void AppendPool(StringBuilder text, PoolManifest pool, AccuracyRow[] rows)
    {
        int[] multipliers = [.. rows.Select(row => row.Multiplier).Distinct().Order()];
        string[] difficulties = [.. rows.Select(row => row.Difficulty).Distinct()];
        string temperature = pool.Temperature == 0 ? "greedy" : $"temperature {pool.Temperature.ToString(CultureInfo.InvariantCulture)}";
        text.Append($"\n## {pool.Name}\n\nTask {pool.Task.Name}, prompt {pool.Prompt}, {pool.Problems} problems, {pool.Samples} sample{(pool.Samples == 1 ? "" : "s")} each, {temperature}.\n\n");
        text.Append("| strategy | difficulty |").Append(string.Concat(multipliers.Select(k => $" {k}x |"))).Append('\n');
        text.Append("|---|---|").Append(string.Concat(multipliers.Select(_ => "---|"))).Append('\n');
        foreach (string strategy in rows.Select(row => row.Strategy).Distinct())
        {
            foreach (string difficulty in difficulties)
            {
                AccuracyRow?[] cells = [.. multipliers.Select(k => Array.Find(rows, row => row.Strategy == strategy && row.Difficulty == difficulty && row.Multiplier == k))];
                if (Array.TrueForAll(cells, cell => cell is null))
                    continue;
                text.Append($"| {strategy} | {difficulty} |").Append(string.Concat(cells.Select(cell => $" {Cell(cell)} |"))).Append('\n');
            }
        }
    }

    static string Cell(AccuracyRow? row) => row is null || double.IsNaN(row.Accuracy)
        ? ""
        : $"{Fixed(row.Accuracy, 3)} ({Fixed(row.CiLow, 3)} to {Fixed(row.CiHigh, 3)})";

    static string Percent(AccuracyRow row) =>
        $"{Fixed(100 * row.Accuracy, 1)} % (95 % interval {Fixed(100 * row.CiLow, 1)} to {Fixed(100 * row.CiHigh, 1)})";

    static string Fixed(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);

    static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}
