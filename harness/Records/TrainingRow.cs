namespace Harness.Records;

/// <summary>One row of training.csv, in the file's column order: how far a model's training is after a step.</summary>
public sealed record TrainingRow
{
    public required string Model { get; init; }

    /// <summary>1-based.</summary>
    public required int Step { get; init; }

    /// <summary>All so far, without padding: the D of scaling laws.</summary>
    public required long Tokens { get; init; }

    /// <summary>Those of them that counted in the loss.</summary>
    public required long LossTokens { get; init; }

    /// <summary>Sequences so far.</summary>
    public required long Sequences { get; init; }

    /// <summary>Those of them whose problem an earlier one had too.</summary>
    public required long SeenBefore { get; init; }

    /// <summary>Logical operations so far, forward and backward, without padding.</summary>
    public required long Flops { get; init; }

    /// <summary>The same without the output head.</summary>
    public required long FlopsWithoutHead { get; init; }

    /// <summary>Mean over the tokens that counted since the row before, each before its step's update; nats.</summary>
    public required double Loss { get; init; }

    public required double LearningRate { get; init; }

    /// <summary>Of the step's gradients together, before clipping.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Mean over the tokens of the validation texts that count, in nats; null where it was not looked at.</summary>
    public required double? ValidationLoss { get; init; }

    /// <summary>SHA-256 of all weights; empty where they were not hashed.</summary>
    public required string Weights { get; init; }
}
