using System.Globalization;
using Harness.Figures;
using Harness.Records;
using Harness.Reports;
using Harness.Statistics;

namespace Harness.Comparison;

/// <summary>The section of a comparison that is about one experiment: what moved first, inputs, accuracies, speed.</summary>
static class ExperimentSection
{
    /// <summary>Samples, rows and values that are listed one by one.</summary>
    const int MostListed = 10;

    /// <summary>Letters of a value of run.json.</summary>
    const int LongestValue = 60;

    /// <summary>Whether there is more to say than that it is identical.</summary>
    public static bool HasMore(ExperimentComparison experiment) =>
        experiment.Moved != MovedKind.Identical || experiment.Inputs.Count + experiment.Throughput.Count > 0;

    public static string NameOf(MovedKind kind) => kind switch
    {
        MovedKind.Models => "the models moved",
        MovedKind.Tokens => "tokens moved",
        MovedKind.Judged => "the same tokens judged otherwise",
        MovedKind.Scored => "the same tokens scored otherwise",
        MovedKind.Estimated => "the same samples estimated otherwise",
        MovedKind.Schema => "only the schema",
        _ => "identical",
    };

    /// <param name="experiment">It is not silent.</param>
    /// <param name="figure">Null where the page has none of it.</param>
    public static ReportSection Of(ExperimentComparison experiment, Figure? figure)
    {
        AccuracyDifference[] moved = [.. experiment.Accuracy.Where(row => row.Verdict != Verdict.Identical)];
        List<ReportBlock> blocks =
        [
            .. experiment.Models.Select(move => new Paragraph($"Model {move.Model}: {move.Difference}.")),
            .. experiment.Pools.SelectMany(SamplesMoved), .. Judged(experiment), .. Estimated(experiment),
            .. experiment.Schema.Select(change => new Paragraph(SchemaText(change))), .. Inputs(experiment.Inputs),
        ];
        if (moved.Length > 0)
        {
            int identical = experiment.Accuracy.Count - moved.Length;
            blocks.Add(new Paragraph($"Accuracy: {NumberText.Count(moved.Length, "row")} over all difficulties whose samples moved"
                + (identical > 0 ? $"; those of {NumberText.Count(identical, "other row")} are identical." : ".")));
            blocks.Add(DifferenceTable.Of(moved, namesExperiments: false));
            blocks.AddRange(DifferenceTable.Reasons(moved));
        }
        if (figure is not null)
            blocks.Add(new Picture(figure.FileName));
        blocks.AddRange(Throughput(experiment.Throughput));
        return new ReportSection($"{experiment.Name}: {NameOf(experiment.Moved)}", IsSummary: false, blocks);
    }

    static string Id(int? token) => token is { } id ? $"token {CsvFields.Write(id)}" : "the end";

    /// <summary>Its tokens, where they are known.</summary>
    static string Length(SampleRow row) => row.Tokens is { } tokens ? $"{NumberText.Count(tokens, "token")}, " : "";

    /// <summary>A sentence for each way in which the samples of a pool moved.</summary>
    static IEnumerable<Paragraph> SamplesMoved(PoolSamples pool)
    {
        if (pool.Tokens.Count > 0)
        {
            MovedSample first = pool.Tokens[0];
            yield return new($"{pool.Pool}: {pool.Tokens.Count} of {NumberText.Count(pool.Common, "sample")} differ in their tokens, the "
                + $"first in problem {first.Before.Problem}, sample {first.Before.Sample}: "
                + $"{Length(first.Before)}{Answer(first.Before)}, in A; {Length(first.After)}{Answer(first.After)}, in B."
                + (pool.FirstToken is { } apart ? $" Their first {NumberText.Count(apart.Equal, "token")} are equal; then comes "
                    + $"{Id(apart.Before)} in A, {Id(apart.After)} in B." : ""));
        }
        if (pool.OnlyBefore > 0)
            yield return new($"{pool.Pool}: {NumberText.Count(pool.OnlyBefore, "sample")} only in A.");
        if (pool.OnlyAfter > 0)
            yield return new($"{pool.Pool}: {NumberText.Count(pool.OnlyAfter, "sample")} only in B.");
        if (pool.Golds.Count > 0)
        {
            MovedGold first = pool.Golds[0];
            yield return new($"{pool.Pool}: {NumberText.Count(pool.Golds.Count, "problem")} with another right answer, the first problem "
                + $"{first.Problem}: '{first.Before}' in A, '{first.After}' in B.");
        }
        if (pool.Scored.Count > 0)
        {
            MovedSample first = pool.Scored[0];
            yield return new($"{pool.Pool}: {NumberText.Count(pool.Scored.Count, "sample")} of the same tokens and answers recorded "
                + $"otherwise, the first in problem {first.Before.Problem}, sample {first.Before.Sample}: "
                + $"{SampleTable.Csv.FirstDifference(first.Before, first.After)}.");
        }
        if (pool.Rewards.Count > 0)
        {
            MovedReward first = pool.Rewards[0];
            yield return new($"{pool.Pool}: {NumberText.Count(pool.Rewards.Count, "reward")} moved, the first of {first.After.Verifier} in "
                + $"problem {first.After.Problem}, sample {first.After.Sample}: {CsvFields.Write(first.Before)} in A, "
                + $"{CsvFields.Write(first.After.Reward)} in B.");
        }
    }

    static IEnumerable<ReportBlock> Judged(ExperimentComparison experiment)
    {
        MovedSample[] judged = [.. experiment.Pools.SelectMany(pool => pool.Judged)];
        if (judged.Length == 0)
            yield break;
        TextTable table = new(
            TextTable.Left("pool"), TextTable.Right("problem"), TextTable.Right("sample"), TextTable.Left("A"), TextTable.Left("B"));
        foreach ((SampleRow before, SampleRow after) in judged.Take(MostListed))
        {
            table.Add(
                before.Pool, CsvFields.Write(before.Problem), CsvFields.Write(before.Sample), Answer(before), Answer(after));
        }
        yield return new Paragraph(
            $"{NumberText.Count(judged.Length, "sample")} of the same tokens judged otherwise{FirstOf(judged.Length)}:");
        yield return new Table(table);
    }

    static IEnumerable<ReportBlock> Estimated(ExperimentComparison experiment)
    {
        if (experiment.Estimates.Count > 0)
        {
            TextTable table = new(
                TextTable.Left("pool"), TextTable.Left("strategy"), TextTable.Right("multiplier"), TextTable.Right("difficulty"),
                TextTable.Left("first column that differs"));
            foreach (EstimateMove move in experiment.Estimates.Take(MostListed))
                table.Add(move.Pool, move.Strategy, $"{CsvFields.Write(move.Multiplier)}x", move.Difficulty, move.Difference);
            yield return new Paragraph($"{NumberText.Count(experiment.Estimates.Count, "row")} of accuracy.csv differ though their samples "
                + $"are identical{FirstOf(experiment.Estimates.Count)}:");
            yield return new Table(table);
        }
        if (experiment.RowsOnlyBefore.Count > 0)
            yield return new Paragraph($"Rows only in A: {Listed(experiment.RowsOnlyBefore)}.");
        if (experiment.RowsOnlyAfter.Count > 0)
            yield return new Paragraph($"Rows only in B: {Listed(experiment.RowsOnlyAfter)}.");
    }

    static IEnumerable<ReportBlock> Inputs(IReadOnlyList<InputChange> changes)
    {
        if (changes.Count == 0)
            yield break;
        TextTable table = new(TextTable.Left("input"), TextTable.Left("A"), TextTable.Left("B"));
        foreach (InputChange change in changes)
            table.Add(change.Path, Shortened(change.Before), Shortened(change.After));
        yield return new Paragraph($"{NumberText.Count(changes.Count, "value")} of run.json changed:");
        yield return new Table(table);
    }

    static IEnumerable<ReportBlock> Throughput(IReadOnlyList<ThroughputMove> moves)
    {
        if (moves.Count == 0)
            yield break;
        TextTable table = new(
            TextTable.Left("machine"), TextTable.Left("setting"), TextTable.Right("A, tokens/s"), TextTable.Right("B, tokens/s"),
            TextTable.Right("B / A"), TextTable.Left(""));
        foreach (ThroughputMove move in moves)
        {
            table.Add(
                move.Machine, move.Setting, Rate(move.Before.TokensPerSecond), Rate(move.After.TokensPerSecond),
                $"{NumberText.Fixed(move.Ratio)}x", move.IsOutsideBothSpreads ? "outside both spreads" : "within the spreads");
        }
        yield return new Paragraph("Medians of two measurements of one machine. They were not made in turns, so this is no test.");
        yield return new Table(table);
    }

    static string SchemaText(SchemaChange change)
    {
        string[] parts =
        [
            .. change.Removed.Count > 0 ? [$"only in A {string.Join(", ", change.Removed)}"] : Array.Empty<string>(),
            .. change.Added.Count > 0 ? [$"only in B {string.Join(", ", change.Added)}"] : Array.Empty<string>(),
            .. change.IsMoved ? ["the same in another order"] : Array.Empty<string>(),
        ];
        return $"Columns of {change.File}: {string.Join("; ", parts)}.";
    }

    static string Answer(SampleRow row) =>
        (row.Answer.Length == 0 ? "no answer" : $"'{row.Answer}'") + (row.Correct == 1 ? ", right" : ", wrong");

    static string Listed(IReadOnlyList<string> rows) => string.Join(", ", rows.Take(MostListed))
        + (rows.Count > MostListed ? $" and {rows.Count - MostListed} more" : "");

    static string FirstOf(int count) => count > MostListed ? $" (the first {MostListed})" : "";

    static string Shortened(string? value) =>
        value is null ? "none" : value.Length <= LongestValue ? value : $"{value[..LongestValue]}...";

    static string Rate(double tokensPerSecond) => tokensPerSecond.ToString("G4", CultureInfo.InvariantCulture);
}
