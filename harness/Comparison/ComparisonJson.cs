using Harness.Records;
using Harness.Statistics;

namespace Harness.Comparison;

/// <summary>A comparison as other programs read it: all rows, and more of what moved than the report lists.</summary>
public static class ComparisonJson
{
    /// <summary>Of the samples, right answers and rewards of a pool that moved in one way; their number is always said.</summary>
    const int MostListed = 100;

    /// <summary>What <see cref="JsonStyle"/> writes.</summary>
    public static object Of(ResultComparison comparison) => new
    {
        Summary = ComparisonReport.Summary(comparison),
        Before = new { Name = comparison.Before, Commit = comparison.BeforeCommit },
        After = new { Name = comparison.After, Commit = comparison.AfterCommit },
        comparison.Margin,
        comparison.Tests,
        Changed = comparison.IsChanged,
        comparison.Regenerated,
        comparison.NotRegenerated,
        InTurns = comparison.Rates is not { } rates ? null : new
        {
            Text = comparison.InTurns,
            Pairs = rates.Before.Count,
            rates.Ratio,
            rates.Interval.Low,
            rates.Interval.High,
            Changed = rates.IsChanged,
            TokensPerSecondBefore = rates.Before,
            TokensPerSecondAfter = rates.After,
        },
        comparison.OnlyBefore,
        comparison.OnlyAfter,
        MovedRows = comparison.MovedRows.Select(Row),
        Experiments = comparison.Experiments.Select(Experiment),
    };

    static object Experiment(ExperimentComparison experiment) => new
    {
        experiment.Name,
        Moved = NameOf(experiment.Moved),
        experiment.Models,
        Pools = experiment.Pools.Select(Pool),
        experiment.Estimates,
        experiment.RowsOnlyBefore,
        experiment.RowsOnlyAfter,
        experiment.Schema,
        experiment.Inputs,
        Accuracy = experiment.Accuracy.Select(Row),
        Throughput = experiment.Throughput.Select(move => new
        {
            move.Machine,
            move.Setting,
            Before = Speed(move.Before),
            After = Speed(move.After),
            move.Ratio,
            OutsideBothSpreads = move.IsOutsideBothSpreads,
        }),
    };

    static object Pool(PoolSamples pool) => new
    {
        pool.Pool,
        pool.Common,
        pool.OnlyBefore,
        pool.OnlyAfter,
        Tokens = Listed(pool.Tokens, Sample),
        Judged = Listed(pool.Judged, Sample),
        Scored = Listed(pool.Scored, Sample),
        Golds = Listed(pool.Golds, gold => gold),
        Rewards = Listed(pool.Rewards, Reward),
    };

    static object Listed<T>(IReadOnlyList<T> moved, Func<T, object> describe) =>
        new { moved.Count, First = moved.Take(MostListed).Select(describe) };

    static object Reward(MovedReward moved) => new
    {
        moved.After.Problem,
        moved.After.Sample,
        moved.After.Verifier,
        moved.Before,
        After = moved.After.Reward,
    };

    static object Sample(MovedSample moved) => new
    {
        moved.Before.Problem,
        moved.Before.Sample,
        Before = Side(moved.Before),
        After = Side(moved.After),
    };

    static object Side(SampleRow row) => new { row.TokensHash, row.Tokens, row.Answer, Correct = row.Correct == 1, row.Logprob };

    static object Row(AccuracyDifference row) => new
    {
        row.Cell.Experiment,
        row.Cell.Pool,
        row.Cell.Strategy,
        row.Cell.Multiplier,
        row.Problems,
        row.Before,
        row.After,
        row.Difference,
        row.Comparison?.CiLow,
        row.Comparison?.CiHigh,
        Ci90Low = row.Comparison?.Interval90.Low,
        Ci90High = row.Comparison?.Interval90.High,
        row.Comparison?.PValue,
        PAdjusted = row.Comparison?.AdjustedPValue,
        row.Comparison?.Test,
        Verdict = row.Verdict is { } verdict ? VerdictName.Of(verdict) : "not tested",
        row.Reason,
        row.Comparison?.DetectableEffect,
        ProblemsToTell = row.Verdict == Verdict.CannotTell && double.IsFinite(row.Comparison!.ProblemsToTell)
            ? row.Comparison.ProblemsToTell : (double?)null,
    };

    static object Speed(ThroughputRow row) => new { row.TokensPerSecond, row.TokensPerSecondLow, row.TokensPerSecondHigh };

    static string NameOf(MovedKind kind) => kind.ToString().ToLowerInvariant();
}
