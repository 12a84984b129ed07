namespace Harness.Records;

/// <summary>One row of evaluations.csv, in the file's column order: how a model that was made answers one problem.</summary>
public sealed record EvaluationRow
{
    public required string Model { get; init; }
    public required string Evaluation { get; init; }

    /// <summary>Times that the layers are passed; 1 but of a looped model.</summary>
    public required int Loops { get; init; }
    public required int Problem { get; init; }
    public required int Difficulty { get; init; }
    public required int Samples { get; init; }

    /// <summary>How many of the samples are right.</summary>
    public required int Correct { get; init; }

    /// <summary>How many of them were cut off.</summary>
    public required int CutOff { get; init; }
    public required int PromptTokens { get; init; }

    /// <summary>Of all samples together.</summary>
    public required long Tokens { get; init; }

    /// <summary>Logical operations of those tokens, each at its position; without the prompt's.</summary>
    public required double Flops { get; init; }
}
