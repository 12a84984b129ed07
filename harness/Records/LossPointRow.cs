namespace Harness.Records;

/// <summary>
/// One row of law-points.csv, in the file's column order: how a model's training ended, and what a law of parameters and tokens says of it.
/// </summary>
public sealed record LossPointRow
{
    public required string Law { get; init; }
    public required string Size { get; init; }
    public required string Data { get; init; }
    public required string Model { get; init; }

    /// <summary>The item of the manifest that lists it, perhaps with others.</summary>
    public required string Item { get; init; }

    /// <summary>As the manifest states it: Tokens, padding among them.</summary>
    public required long Budget { get; init; }
    public required double Parameters { get; init; }

    /// <summary>Without padding.</summary>
    public required double Tokens { get; init; }
    public required double Flops { get; init; }

    /// <summary>On validation texts.</summary>
    public required double Loss { get; init; }
    public required double Predicted { get; init; }

    /// <summary>95 %, over refits.</summary>
    public required double PredictedLow { get; init; }
    public required double PredictedHigh { get; init; }

    /// <summary>Whether the law was fitted without it.</summary>
    public required bool IsHeldOut { get; init; }
}
