using Harness.Records;

namespace Harness.Comparison;

/// <summary>One experiment that both sides have.</summary>
public sealed record ExperimentComparison
{
    public required string Name { get; init; }

    /// <summary>All rows of accuracy.csv as committed.</summary>
    public required IReadOnlyList<AccuracyRow> RowsBefore { get; init; }

    /// <inheritdoc cref="RowsBefore"/>
    public required IReadOnlyList<AccuracyRow> RowsAfter { get; init; }

    /// <summary>Models whose rows of training.csv moved.</summary>
    public required IReadOnlyList<ModelMove> Models { get; init; }

    public required IReadOnlyList<PoolSamples> Pools { get; init; }

    /// <summary>Rows of accuracy.csv that moved though their samples did not.</summary>
    public required IReadOnlyList<EstimateMove> Estimates { get; init; }

    /// <summary>Rows of accuracy.csv that only one side has, in words.</summary>
    public required IReadOnlyList<string> RowsOnlyBefore { get; init; }

    /// <inheritdoc cref="RowsOnlyBefore"/>
    public required IReadOnlyList<string> RowsOnlyAfter { get; init; }

    public required IReadOnlyList<SchemaChange> Schema { get; init; }

    public required IReadOnlyList<InputChange> Inputs { get; init; }

    public required IReadOnlyList<AccuracyDifference> Accuracy { get; init; }

    public required IReadOnlyList<ThroughputMove> Throughput { get; init; }

    /// <summary>What moved first.</summary>
    public MovedKind Moved =>
        Models.Count > 0 ? MovedKind.Models
        : Pools.Any(pool => pool.Tokens.Count + pool.OnlyBefore + pool.OnlyAfter > 0) ? MovedKind.Tokens
        : Pools.Any(pool => pool.Judged.Count + pool.Golds.Count > 0) ? MovedKind.Judged
        : Pools.Any(pool => pool.Scored.Count + pool.Rewards.Count > 0) ? MovedKind.Scored
        : Estimates.Count + RowsOnlyBefore.Count + RowsOnlyAfter.Count > 0 ? MovedKind.Estimated
        : Schema.Count > 0 ? MovedKind.Schema
        : MovedKind.Identical;

    /// <param name="name">Of the experiment.</param>
    /// <param name="before">Its files on the earlier side.</param>
    /// <param name="after">On the later side.</param>
    /// <param name="pools">Their samples side by side.</param>
    /// <param name="accuracy">Its rows, tested together with those of all other experiments.</param>
    public static ExperimentComparison Of(
        string name, ExperimentFiles before, ExperimentFiles after, IReadOnlyList<PoolSamples> pools,
        IReadOnlyList<AccuracyDifference> accuracy) => new()
        {
            Name = name,
            RowsBefore = before.Accuracy,
            RowsAfter = after.Accuracy,
            Models = ModelMove.Of(before.Training, after.Training),
            Pools = pools,
            Estimates = EstimateMove.Of(
                before, after, pools.Where(pool => pool.IsIdentical && pool.Golds.Count == 0).Select(pool => pool.Pool).ToHashSet()),
            RowsOnlyBefore = [.. RowsOf(before).Except(RowsOf(after))],
            RowsOnlyAfter = [.. RowsOf(after).Except(RowsOf(before))],
            Schema = SchemaChange.Of(before, after),
            Inputs = InputChange.Of(before.Run, after.Run),
            Accuracy = accuracy,
            Throughput = ThroughputMove.Of(before, after),
        };

    static IEnumerable<string> RowsOf(ExperimentFiles files) => files.Accuracy.Where(row => row.Difficulty == AccuracyRow.AllDifficulties)
        .Select(row => $"{row.Pool} {row.Strategy} {CsvFields.Write(row.Multiplier)}x");
}
