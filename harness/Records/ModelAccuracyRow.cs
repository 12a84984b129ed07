namespace Harness.Records;

/// <summary>One row of model-accuracy.csv, in the file's column order: the coverage of k samples of a model that was made.</summary>
public sealed record ModelAccuracyRow
{
    public required string Evaluation { get; init; }
    public required string Model { get; init; }

    /// <summary>Times that the layers are passed; 1 but of a looped model.</summary>
    public required int Loops { get; init; }

    /// <summary>A difficulty, or <see cref="AccuracyRow.AllDifficulties"/>.</summary>
    public required string Difficulty { get; init; }
    public required int Problems { get; init; }
    public required int K { get; init; }

    /// <summary>The chance that at least one of k samples is right (pass@k); of one sample the accuracy.</summary>
    public required double Coverage { get; init; }

    /// <summary>95 %, over problems.</summary>
    public required double CiLow { get; init; }
    public required double CiHigh { get; init; }

    /// <summary>The share of samples that were cut off.</summary>
    public required double CutOff { get; init; }

    /// <summary>Generated for a problem, on average.</summary>
    public required double Tokens { get; init; }

    /// <summary>Logical operations of a problem, its prompt counted once, on average.</summary>
    public required double Flops { get; init; }

    /// <summary>Of the model's training.</summary>
    public required long TrainingFlops { get; init; }
}
