namespace Harness.Records;

/// <summary>One row of calibration.csv, in the file's column order: answers whose reward lies in one range.</summary>
public sealed record CalibrationRow
{
    public required string Pool { get; init; }
    public required string Verifier { get; init; }

    /// <summary>Least reward of the range.</summary>
    public required double From { get; init; }

    /// <summary>Rewards are below it; 1 belongs to the last range.</summary>
    public required double To { get; init; }
    public required int Samples { get; init; }
    public required double MeanReward { get; init; }

    /// <summary>The share of them that are right.</summary>
    public required double Right { get; init; }
    public required double CiLow { get; init; }
    public required double CiHigh { get; init; }
}
