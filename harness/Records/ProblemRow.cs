namespace Harness.Records;

/// <summary>One row of problems.csv, in the file's column order.</summary>
public sealed record ProblemRow
{
    public required string Pool { get; init; }
    public required int Problem { get; init; }

    /// <summary>
    /// The right answer in its canonical form, as answers of samples.csv are written; empty where answers are checked without one.
    /// </summary>
    public required string Gold { get; init; }
}
