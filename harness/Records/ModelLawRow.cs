namespace Harness.Records;

/// <summary>One row of laws.csv, in the file's column order: a parameter of a law of models, or what follows from its parameters.</summary>
public sealed record ModelLawRow
{
    public required string Law { get; init; }

    /// <summary>What counts as parameters and operations: all, or without-embedding.</summary>
    public required string Size { get; init; }

    /// <summary>Whose loss, all or the name of data; of a law of coverage, whose coverage, the name of an evaluation.</summary>
    public required string Data { get; init; }

    /// <summary>
    /// Its name in the formula. Of a law of parameters and tokens also G and a of N = G C^a, the size of least loss for C operations; of
    /// isoflop also a_bias, what the method gives for that law's own losses at the same points, less that law's a.
    /// </summary>
    public required string Parameter { get; init; }
    public required double Value { get; init; }

    /// <summary>95 %, over resamples of models that are fitted again.</summary>
    public required double CiLow { get; init; }
    public required double CiHigh { get; init; }

    /// <summary>Points that the law was fitted to.</summary>
    public required int Points { get; init; }
    public required int Dropped { get; init; }
    public required string LossName { get; init; }
    public required double Loss { get; init; }
    public required int Starts { get; init; }

    /// <summary>How many starts ended at the best loss.</summary>
    public required int Reached { get; init; }

    /// <summary>Resamples that had a fit.</summary>
    public required int Refits { get; init; }

    /// <summary>Models that were held out: those that the manifest names, else points of the quarter of the largest budgets.</summary>
    public required int HeldOut { get; init; }

    /// <summary>Root mean square of predicted - observed over them, by a fit to the others.</summary>
    public required double HeldOutError { get; init; }

    /// <summary>Over models that are drawn anew; NaN of one.</summary>
    public required double HeldOutStandardError { get; init; }

    /// <summary>
    /// Whether it is the simplest of several laws of one loss whose held-out error is within a standard error of the least.
    /// </summary>
    public required bool IsChosen { get; init; }
}
