namespace Harness.Records;

/// <summary>One row of accuracy.csv, in the file's column order.</summary>
public sealed record AccuracyRow
{
    public required string Pool { get; init; }
    public required string Strategy { get; init; }

    /// <summary>Nominal budget relative to one plain sample.</summary>
    public required int Multiplier { get; init; }

    /// <summary>A difficulty, or "all".</summary>
    public required string Difficulty { get; init; }
    public required int Problems { get; init; }
    public required double Accuracy { get; init; }

    /// <summary>95 %, anchored bootstrap over problems.</summary>
    public required double CiLow { get; init; }
    public required double CiHigh { get; init; }

    /// <summary>Mean tokens generated per problem at this multiplier.</summary>
    public required double Tokens { get; init; }

    /// <summary>Mean logical floating-point operations per problem at this multiplier, the prompt counted once.</summary>
    public required double Flops { get; init; }

    /// <summary>Standard error of the accuracy because subsets were drawn at random; 0 where the estimate counts them all.</summary>
    public double MonteCarloError { get; init; }
}
