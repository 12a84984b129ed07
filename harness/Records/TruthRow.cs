namespace Harness.Records;

/// <summary>One row of truth.csv, in the file's column order: an estimate beside what it estimates.</summary>
public sealed record TruthRow
{
    public required string Pool { get; init; }
    public required string Strategy { get; init; }
    public required int Multiplier { get; init; }
    public required double Accuracy { get; init; }

    /// <summary>95 %.</summary>
    public required double CiLow { get; init; }
    public required double CiHigh { get; init; }

    /// <summary>Over all problems that the model may be asked.</summary>
    public required double Truth { get; init; }

    /// <summary>Whether the interval holds it.</summary>
    public required bool IsInside { get; init; }
}
