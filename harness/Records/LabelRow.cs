namespace Harness.Records;

/// <summary>One row of labels.csv, in the file's column order: the answers to one difficulty that reward models learn to judge.</summary>
public sealed record LabelRow
{
    public required string Data { get; init; }

    /// <summary>train or validation.</summary>
    public required string Split { get; init; }
    public required int Difficulty { get; init; }
    public required int Problems { get; init; }
    public required int Samples { get; init; }

    /// <summary>Of the samples those that the task's checker accepts.</summary>
    public required int Correct { get; init; }

    /// <summary>Places at which answers are judged.</summary>
    public required int Places { get; init; }

    /// <summary>The mean over places of how good the answer is there.</summary>
    public required double Good { get; init; }

    /// <summary>Completions that were drawn to know that.</summary>
    public required int Completions { get; init; }

    /// <summary>Generated tokens of samples and completions.</summary>
    public required long Tokens { get; init; }

    /// <summary>Logical operations of both: a problem's prompt once, and what a completion goes on from once.</summary>
    public required double Flops { get; init; }
}
