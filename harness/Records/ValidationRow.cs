namespace Harness.Records;

/// <summary>One row of validation.csv, in the file's column order: a model's loss on one of its data.</summary>
public sealed record ValidationRow
{
    public required string Model { get; init; }

    /// <summary>After which.</summary>
    public required int Step { get; init; }

    /// <summary>The data, whose split for validation it is.</summary>
    public required string Data { get; init; }

    /// <summary>Texts.</summary>
    public required int Sequences { get; init; }

    /// <summary>Those of their tokens that count.</summary>
    public required long LossTokens { get; init; }

    /// <summary>Mean over these tokens, in nats.</summary>
    public required double Loss { get; init; }
}
