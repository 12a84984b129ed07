namespace Harness.Records;

/// <summary>One row of comparisons.csv, in the file's column order: two ways to answer the same problems.</summary>
public sealed record ComparisonRow
{
    public required string FirstPool { get; init; }
    public required string FirstStrategy { get; init; }

    /// <summary>Nominal budget relative to one plain sample.</summary>
    public required int FirstMultiplier { get; init; }
    public required string SecondPool { get; init; }
    public required string SecondStrategy { get; init; }
    public required int SecondMultiplier { get; init; }

    /// <summary>Always "all".</summary>
    public required string Difficulty { get; init; }
    public required int Problems { get; init; }
    public required double FirstAccuracy { get; init; }
    public required double SecondAccuracy { get; init; }

    /// <summary>Mean over problems of first - second.</summary>
    public required double Difference { get; init; }

    /// <summary>95 %, anchored bootstrap over problems.</summary>
    public required double CiLow { get; init; }
    public required double CiHigh { get; init; }

    /// <summary>Two-sided, of no difference.</summary>
    public required double PValue { get; init; }

    /// <summary>mcnemar where every problem is plainly right or wrong under both, else permutation.</summary>
    public required string Test { get; init; }
}
