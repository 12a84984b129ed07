namespace Harness.Records;

/// <summary>One row of verifiers.csv, in the file's column order: how well a verifier tells right answers from wrong ones.</summary>
public sealed record VerifierRow
{
    /// <summary>The pool, or the evaluation, whose answers are judged.</summary>
    public required string Pool { get; init; }
    public required string Verifier { get; init; }

    /// <summary>A difficulty, or all.</summary>
    public required string Difficulty { get; init; }
    public required int Problems { get; init; }

    /// <summary>Of those, problems with both right and wrong answers: the others tell nothing of an area within problems.</summary>
    public required int Compared { get; init; }

    /// <summary>
    /// The mean over compared problems of the chance that a right answer to it has a higher reward than a wrong one.
    /// </summary>
    public required double Auc { get; init; }
    public required double CiLow { get; init; }
    public required double CiHigh { get; init; }

    /// <summary>The mean squared difference of reward and rightness; NaN where rewards are no probabilities.</summary>
    public required double Brier { get; init; }

    /// <summary>The mean over ten bins of the reward of how far its mean is from the share of right answers; NaN as above.</summary>
    public required double CalibrationError { get; init; }
    public required double MeanReward { get; init; }

    /// <summary>The share of answers that are right.</summary>
    public required double Right { get; init; }
}
