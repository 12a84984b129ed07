namespace Harness.Records;

/// <summary>One row of rewards.csv, in the file's column order.</summary>
public sealed record RewardRow
{
    public required string Pool { get; init; }
    public required int Problem { get; init; }
    public required int Sample { get; init; }

    /// <summary>The verifier's manifest name.</summary>
    public required string Verifier { get; init; }

    /// <summary>On the verifier's own scale; higher is better.</summary>
    public required double Reward { get; init; }
}
