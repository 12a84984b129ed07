using System.Globalization;
using Harness.Manifests;
using Harness.Records;
using Harness.Reports;
using Harness.Samples;
using Harness.Tasks.Prompts;

namespace Harness.Results;

/// <summary>The section of a report that is about one pool: how it was asked, what came of it, and each strategy's accuracy.</summary>
static class PoolSection
{
    /// <param name="index">The pool's place in the manifest.</param>
    public static ReportSection Of(AnalysedExperiment experiment, PoolManifest pool, int index)
    {
        AccuracyRow[] rows = [.. experiment.Accuracy.Where(row => row.Pool == pool.Name)];
        List<ReportBlock> blocks = experiment.Prompts[index] is { } prompt
            ? [new Paragraph(Settings(experiment, pool, prompt)), new Verbatim(prompt.Text)]
            : [.. RecordedSection.Of(experiment, pool)];
        if (rows.Length > 0)
            blocks.Add(new Table(Accuracies(rows)));
        blocks.AddRange(experiment.Manifest.Strategies.Where(strategy => strategy.Pool == pool && strategy.IsMeasure)
            .Select(measure => new Paragraph($"{measure.Description}.")));
        if (rows.FirstOrDefault(row => row.ChanceNote.Length > 0 && row.Difficulty == AccuracyRow.AllDifficulties) is { } without)
            blocks.Add(new Paragraph($"No chance baseline: {without.ChanceNote}."));
        return new ReportSection(pool.Name, IsSummary: false, blocks);
    }

    /// <summary>Three digits; empty where there is no accuracy.</summary>
    public static string Accuracy(AccuracyRow? row) => row is null || double.IsNaN(row.Accuracy) ? "" : NumberText.Fixed(row.Accuracy, 3);

    static string Settings(AnalysedExperiment experiment, PoolManifest pool, PromptTemplate prompt)
    {
        ProblemSamples[] problems = experiment.Pools[pool];
        int longest = problems.Select(problem => problem.PromptTokens ?? 0).DefaultIfEmpty().Max();
        int limit = pool.MaxTokens > 0 ? pool.MaxTokens
            : Math.Min(pool.Task.DefaultMaxTokens, Math.Max((experiment.Model.ContextLength ?? int.MaxValue) - longest, 1));
        PooledSample[] samples = [.. problems.SelectMany(problem => problem.Samples)];
        string[] facts =
        [
            $"Task {pool.Task.Name}, prompt {pool.Prompt}{(prompt.Shots > 0 ? $" with {prompt.Shots} solved problems" : "")}",
            pool.Chat ?? experiment.Model.HasChatTemplate ? $"through the model's chat template{Day(pool)}" : "as plain text",
            $"{problems.Length} problems, {pool.Samples} sample{(pool.Samples == 1 ? "" : "s")} each",
            pool.Temperature == 0 ? "greedy" : $"temperature {Number(pool.Temperature)}{Cuts(pool)}",
            $"at most {limit} tokens{Stops(pool)}",
        ];
        double cutOff = 100.0 * samples.Count(sample => sample.CutOff == true) / Math.Max(samples.Length, 1);
        double without = 100.0 * samples.Count(sample => sample.Answer is null) / Math.Max(samples.Length, 1);
        double tokens = samples.Select(sample => (double)(sample.Tokens ?? 0)).DefaultIfEmpty().Average();
        return $"{string.Join("; ", facts)}. Samples have {NumberText.Fixed(tokens, 1)} tokens on average; "
            + $"{NumberText.Fixed(cutOff, 1)} % were cut off, {NumberText.Fixed(without, 1)} % have no answer.";
    }

    static string Day(PoolManifest pool) => pool.Date is { } date ? $" of {DateText.Of(date)}" : "";

    static string Stops(PoolManifest pool) =>
        pool.StopStrings.Count == 0 ? "" : $", ended also by {string.Join(", ", pool.StopStrings.Select(Quoted))}";

    static string Cuts(PoolManifest pool) =>
        (pool.TopK > 0 ? $", top-k {pool.TopK}" : "") + (pool.TopP < 1 ? $", top-p {Number(pool.TopP)}" : "")
            + (pool.MinP > 0 ? $", min-p {Number(pool.MinP)}" : "");

    /// <summary>A row a strategy and difficulty, a column a multiplier: accuracy, interval, and the same by chance.</summary>
    static TextTable Accuracies(AccuracyRow[] rows)
    {
        int[] multipliers = [.. rows.Select(row => row.Multiplier).Distinct().Order()];
        TextTable table =
            new([TextTable.Left("strategy"), TextTable.Left("difficulty"), .. multipliers.Select(k => TextTable.Right($"{k}x"))]);
        foreach (IGrouping<(string Strategy, string Difficulty), AccuracyRow> group in rows.GroupBy(row => (row.Strategy, row.Difficulty)))
        {
            AccuracyRow first = group.First();
            table.Add(
            [
                first.IsUpperBound ? $"{first.Strategy} (upper bound)" : first.Strategy, first.Difficulty,
                .. multipliers.Select(k => Cell(group.FirstOrDefault(row => row.Multiplier == k))),
            ]);
        }
        return table;
    }

    static string Cell(AccuracyRow? row) => row is null || double.IsNaN(row.Accuracy)
        ? ""
        : $"{NumberText.Fixed(row.Accuracy, 3)} ({NumberText.Fixed(row.CiLow, 3)} to "
            + $"{NumberText.Fixed(row.CiHigh, 3)}){(double.IsNaN(row.Chance) ? "" : $", chance {NumberText.Fixed(row.Chance, 3)}")}";

    public static string Number(float value) => value.ToString(CultureInfo.InvariantCulture);

    static string Quoted(string stop) => $"`{stop.Replace("\n", "\\n", StringComparison.Ordinal)}`";
}
