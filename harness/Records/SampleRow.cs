namespace Harness.Records;

/// <summary>One row of samples.csv, in the file's column order.</summary>
public sealed record SampleRow
{
    /// <summary>The <see cref="Finish"/> of a sample that reached MaxTokens.</summary>
    public const string CutOff = "length";

    public required string Pool { get; init; }
    public required int Problem { get; init; }
    public required int Sample { get; init; }
    public required int Difficulty { get; init; }
    public required int PromptTokens { get; init; }
    public required int Tokens { get; init; }

    /// <summary>stop, length or stop-string.</summary>
    public required string Finish { get; init; }

    /// <summary>Empty where the text holds none.</summary>
    public required string Answer { get; init; }

    /// <summary>0 or 1.</summary>
    public required int Correct { get; init; }

    /// <summary>Sum of the tokens' natural log-probabilities.</summary>
    public required double Logprob { get; init; }

    /// <summary>First 16 hex digits of SHA-256 of the token ids as little-endian int32.</summary>
    public required string TokensHash { get; init; }
}
