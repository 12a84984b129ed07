namespace Harness.Records;

/// <summary>One row of rewards.csv, in the file's column order.</summary>
public sealed record RewardRow
{
    public required string Pool { get; init; }
    public required int Problem { get; init; }
    public required int Sample { get; init; }

    /// <summary>The verifier's manifest name.</summary>
    public required string Verifier { get; init; }

    /// <summary>On the verifier's own scale; higher is better. Of steps, that of the last one.</summary>
    public required double Reward { get; init; }

    /// <summary>The lowest of the steps' rewards; null where the verifier judges none.</summary>
    public double? Min { get; init; }

    /// <summary>The product of the steps' rewards; null where the verifier judges none.</summary>
    public double? Product { get; init; }

    /// <summary>Places at which a model was read; 0 where none was.</summary>
    public int Places { get; init; }
}
