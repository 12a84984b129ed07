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

    /// <summary>After Holm's adjustment over all comparisons of the file.</summary>
    public double AdjustedPValue { get; init; } = double.NaN;

    /// <summary>identical, changed, the same or cannot tell.</summary>
    public string Verdict { get; init; } = "";

    /// <summary>Why test and interval seem to say different things; empty where they agree.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The smallest true difference that as many such problems would show with a power of 80 %.</summary>
    public double DetectableEffect { get; init; } = double.NaN;

    /// <summary>The part of it that only more problems make smaller; NaN where the samples are too few to tell the two apart.</summary>
    public double DetectableBetween { get; init; } = double.NaN;

    /// <summary>The part that more samples of each problem make smaller; the squares of both add up to that of the whole.</summary>
    public double DetectableWithin { get; init; } = double.NaN;

    /// <summary>Why the parts are NaN; empty where they are not.</summary>
    public string DetectableNote { get; init; } = "";
}
