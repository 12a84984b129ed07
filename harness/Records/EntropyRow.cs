namespace Harness.Records;

/// <summary>One row of entropy.csv, in the file's column order: what no model can know of the answers of some data.</summary>
public sealed record EntropyRow
{
    /// <summary>Stands for all data, as the validation loss weighs them.</summary>
    public const string AllData = "all";

    public required string Data { get; init; }

    /// <summary>Problems that were drawn for it; 0 where it is a mean over all there are.</summary>
    public required int Problems { get; init; }

    /// <summary>Mean length of an answer.</summary>
    public required double Tokens { get; init; }

    /// <summary>Entropy of an answer given its question, in nats a token.</summary>
    public required double Entropy { get; init; }

    /// <summary>Of the problems that were drawn.</summary>
    public required double StandardError { get; init; }
}
