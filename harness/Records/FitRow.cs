namespace Harness.Records;

/// <summary>One row of fits.csv, in the file's column order: a parameter of a law, or a forecast by it.</summary>
public sealed record FitRow
{
    public required string Pool { get; init; }
    public required string Strategy { get; init; }
    public required string Law { get; init; }

    /// <summary>Its name in the formula, or what is forecast, such as coverage@1000.</summary>
    public required string Parameter { get; init; }
    public required double Value { get; init; }

    /// <summary>95 %, over resamples of problems that are fitted again.</summary>
    public required double CiLow { get; init; }
    public required double CiHigh { get; init; }

    /// <summary>Points that the law was fitted to.</summary>
    public required int Points { get; init; }

    /// <summary>Points that it cannot use, such as a coverage of 0 or 1 whose logarithm it takes.</summary>
    public required int Dropped { get; init; }
    public required string LossName { get; init; }
    public required double Loss { get; init; }
    public required int Starts { get; init; }

    /// <summary>How many starts ended at the best loss.</summary>
    public required int Reached { get; init; }

    /// <summary>Root mean square of predicted - observed at the larger budgets, by a fit to the smaller ones.</summary>
    public required double HeldOutError { get; init; }
    public required double HeldOutStandardError { get; init; }

    /// <summary>
    /// Whether it is the simplest of several laws of one curve whose held-out error is within a standard error of the least.
    /// </summary>
    public required bool IsChosen { get; init; }
}
